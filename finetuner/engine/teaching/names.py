"""What a class may be called. Its folder has the same name, on any system and in any archive."""

import re
import unicodedata
from collections.abc import Iterable

from finetuner.engine.dataset.names import is_ignored
from finetuner.engine.errors import FinetunerError

LONGEST = 60
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]+')
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def accepted(text: str, taken: Iterable[str] = ()) -> str:
    """The name as it is used: what no folder may have in its name is a hyphen.

    Raises FinetunerError when nothing is left, or a class has this name, in capitals or not.
    """
    name = _plain(text)
    if not name:
        raise FinetunerError("A class needs a name.", "Give it one, with letters or figures.")
    if name.casefold() in {other.casefold() for other in taken}:
        raise FinetunerError(f"There is a class {name} already.", "Choose another name.")
    return name


def _plain(text: str) -> str:
    characters = unicodedata.normalize("NFC", text)
    printable = "".join(character if character.isprintable() else " " for character in characters)
    name = _FORBIDDEN.sub("-", " ".join(printable.split()))[:LONGEST].strip(" .")
    return f"{name}-" if is_ignored(name) or name.split(".")[0].casefold() in _DEVICES else name
