"""The window's preferences: one JSON file, written atomically; a spoilt one is set aside and told of.

A plain dataclass: they are read before the first paint, which pydantic would hold up.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

RECENT_LIMIT = 8
Theme = Literal["system", "light", "dark"]
Where = Literal["process", "here"]


@dataclass(frozen=True)
class Settings:
    """What the window remembers from one start to the next."""

    theme: Theme = "system"
    launcher: Where = "process"
    recent: tuple[str, ...] = ()
    width: int = 1280
    height: int = 800
    maximised: bool = False
    steadiness: dict[str, Any] = field(default_factory=dict)
    """Of the Live page, as far as it is not what it is at first."""
    actions: dict[str, Any] = field(default_factory=dict)
    cameras: dict[str, str] = field(default_factory=dict)
    """By a camera's key the format it is opened in: `1280x720@30`."""

    def with_recent(self, folder: Path) -> "Settings":
        """A copy with `folder` as the newest of the recent data sets."""
        others = [known for known in self.recent if known != str(folder)]
        return replace(self, recent=(str(folder), *others)[:RECENT_LIMIT])


def load(path: Path) -> tuple[Settings, str]:
    """The settings in `path`, and a sentence if they were spoilt (the file is then kept as `.corrupt`)."""
    try:
        return _parsed(path.read_bytes()), ""
    except FileNotFoundError:
        return Settings(), ""
    except (ValueError, RecursionError):
        kept = path.with_name(path.name + ".corrupt")
        path.replace(kept)
        return Settings(), f"The preferences could not be read and start afresh; the old file is kept as {kept}."
    except OSError as error:
        return Settings(), f"The preferences in {path} cannot be read: {error.strerror}."


def save(settings: Settings, path: Path) -> None:
    """Write the settings atomically. Raises OSError."""
    from finetuner.engine.files import write_text  # it brings hashing and random names, which reading does not need

    write_text(path, json.dumps(asdict(settings), indent=2))


def _parsed(text: bytes) -> Settings:
    """Names of later versions are ignored. Raises ValueError for what no version has written."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("the preferences are no table")
    known = {each.name: document[each.name] for each in fields(Settings) if each.name in document}
    for name, value in known.items():
        if not _FITS[name](value):
            raise ValueError(f"{name} cannot be {value!r}")
    return Settings(**known | {"recent": tuple(known.get("recent", ()))})


def _is_size(value: Any) -> bool:
    return type(value) is int and 0 < value < 2**24  # what Qt takes for a length


def _is_list_of_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_format(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{1,5}x\d{1,5}@\d{1,4}(\.\d{1,2})?", value) is not None


_FITS: dict[str, Callable[[Any], bool]] = {
    "theme": lambda value: value in get_args(Theme),
    "launcher": lambda value: value in get_args(Where),
    "recent": _is_list_of_words,
    "width": _is_size,
    "height": _is_size,
    "maximised": lambda value: isinstance(value, bool),
    "steadiness": _is_table,
    "actions": _is_table,
    "cameras": lambda value: _is_table(value) and all(map(_is_format, value.values())),
}
