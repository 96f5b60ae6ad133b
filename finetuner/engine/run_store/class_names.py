"""Class names as a text file: one in a line, in the order of their indices. Folders may be called anything but `/`."""

import re
from collections.abc import Iterable

MOST = 100_000
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {written: plain for plain, written in _ESCAPES.items()}


def lines(names: Iterable[str]) -> str:
    """The text of the file."""
    return "".join(f"{_escaped(name)}\n" for name in names)


def parse(text: str) -> tuple[str, ...] | None:
    """What `lines` wrote; None where a name comes twice, or there are more than any data set has."""
    names = tuple(_unescaped(line) for line in text.removesuffix("\n").split("\n"))
    return names if len(set(names)) == len(names) <= MOST else None


def _escaped(name: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in name)


def _unescaped(line: str) -> str:
    return re.sub(r"\\[\\nr]", lambda found: _UNESCAPES[found[0]], line)
