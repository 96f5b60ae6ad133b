"""The window's preferences: one JSON file, written atomically; a spoilt one is set aside and told of."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from finetuner.engine.files import write_text

RECENT_LIMIT = 8


class Settings(BaseModel):
    """What the window remembers from one start to the next. Unknown names of later versions are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    theme: Literal["system", "light", "dark"] = "system"
    launcher: Literal["process", "here"] = "process"
    recent: tuple[str, ...] = ()
    width: int = 1280
    height: int = 800
    maximised: bool = False

    def with_recent(self, folder: Path) -> "Settings":
        """A copy with `folder` as the newest of the recent data sets."""
        others = [known for known in self.recent if known != str(folder)]
        return self.model_copy(update={"recent": (str(folder), *others)[:RECENT_LIMIT]})


def load(path: Path) -> tuple[Settings, str]:
    """The settings in `path`, and a sentence if they were spoilt (the file is then kept as `.corrupt`)."""
    try:
        return Settings.model_validate_json(path.read_bytes()), ""
    except FileNotFoundError:
        return Settings(), ""
    except ValidationError:
        kept = path.with_name(path.name + ".corrupt")
        path.replace(kept)
        return Settings(), f"The preferences could not be read and start afresh; the old file is kept as {kept}."
    except OSError as error:
        return Settings(), f"The preferences in {path} cannot be read: {error.strerror}."


def save(settings: Settings, path: Path) -> None:
    """Write the settings atomically. Raises OSError."""
    write_text(path, settings.model_dump_json(indent=2))
