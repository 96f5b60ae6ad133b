"""The captured set: a folder with one folder of frames for each class, so that it is a data set like any other.

A frame's file name tells its burst. A hidden file remembers the order of the classes; without it they are sorted.
Frames are written beside their name and renamed, so a kill leaves no half picture.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import rmtree

from finetuner.engine.dataset.bursts import burst_of, frame_name
from finetuner.engine.dataset.names import is_ignored, readable
from finetuner.engine.documents import read_json
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_bytes, write_text
from finetuner.engine.teaching.names import accepted
from finetuner.engine.teaching.settings import MOST_CLASSES

ORDER = ".captured.json"
_REMOVED = ".removed-"
_LARGEST = 2**16


@dataclass(frozen=True)
class Frame:
    """A frame that is kept. `group`: what must stay on one side of a split, its burst."""

    path: Path
    label: str

    @property
    def burst(self) -> str:
        """As `CapturedSet.keep` was told; nothing for a file that somebody else put there."""
        return burst_of(self.path.name).removeprefix("burst-")

    @property
    def group(self) -> str:
        """Its burst, or itself."""
        return burst_of(self.path.name) or str(self.path)


class CapturedSet:
    """The set in `folder`, which need not exist yet. Nothing is written before there is a class or a frame."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.classes: tuple[str, ...] = self._known()

    def add_class(self, text: str) -> str:
        """Add a class; its name as it was accepted. Raises FinetunerError for a bad name, or on a full disk."""
        if len(self.classes) >= MOST_CLASSES:
            raise FinetunerError(f"There are {MOST_CLASSES} classes already.", "Train on a folder of images instead.")
        name = accepted(text, self.classes)
        self._order((*self.classes, name))
        return name

    def rename_class(self, old: str, text: str) -> str:
        """Give a class and its folder another name; the name as it was accepted. Raises FinetunerError."""
        name = accepted(text, [other for other in self.classes if other != old])
        with _told(self.folder):
            if (self.folder / old).is_dir() and name != old:
                (self.folder / old).rename(self.folder / name)
        self._order(tuple(name if other == old else other for other in self.classes))
        return name

    def remove_class(self, label: str, token: str) -> None:
        """Set a class and its frames aside, for `restore_class` until the set is opened anew. Raises FinetunerError."""
        with _told(self.folder):
            if (self.folder / label).is_dir():
                (self.folder / label).rename(self._aside(token))
        self._order(tuple(other for other in self.classes if other != label))

    def restore_class(self, label: str, token: str, place: int) -> str:
        """Put a class back at its place; its name, another one where that is taken by now. Raises FinetunerError."""
        name = _free(label, self.classes)
        with _told(self.folder):
            if self._aside(token).is_dir():
                self._aside(token).rename(self.folder / name)
        self._order((*self.classes[:place], name, *self.classes[place:]))
        return name

    def forget_removed(self) -> None:
        """Delete what was set aside. Raises FinetunerError."""
        with _told(self.folder):
            for folder in _folders(self.folder):
                if folder.name.startswith(_REMOVED) and not folder.is_symlink():
                    rmtree(folder)

    def keep(self, label: str, burst: str, number: int, content: bytes) -> Frame:
        """Write a frame, a JPEG. Raises FinetunerError when the disk refuses."""
        path = self.folder / label / frame_name(burst, number)
        with _told(self.folder):
            write_bytes(path, content)
        return Frame(path, label)

    def frames(self) -> list[Frame]:
        """All of them, class by class in the order of their names. What a kill left half written is removed."""
        return [Frame(path, label) for label in self.classes for path in self._files(label)]

    def forget(self, frames: list[Frame]) -> None:
        """Remove frames, and the folder of a class that has none left. Raises FinetunerError."""
        with _told(self.folder):
            for frame in frames:
                frame.path.unlink(missing_ok=True)
        for label in {frame.label for frame in frames}:
            with suppress(OSError):  # others are in it
                (self.folder / label).rmdir()

    def _aside(self, token: str) -> Path:
        return self.folder / f"{_REMOVED}{token}"

    def _files(self, label: str) -> Iterator[Path]:
        folder = self.folder / label
        if not folder.is_dir():
            return
        for path in sorted(folder.iterdir()):
            if path.name.startswith(".burst-") and path.name.endswith(".tmp"):
                path.unlink(missing_ok=True)
            elif path.is_file() and not is_ignored(path.name):
                yield path

    def _order(self, classes: tuple[str, ...]) -> None:
        with _told(self.folder):
            write_text(self.folder / ORDER, json.dumps({"classes": classes}))
        self.classes = classes

    def _known(self) -> tuple[str, ...]:
        """The classes in their order, then folders that the order does not name."""
        there = [path.name for path in _folders(self.folder) if not is_ignored(path.name)]
        return tuple(dict.fromkeys((*_ordered(self.folder / ORDER), *there)))


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _ordered(file: Path) -> list[str]:
    """What the hidden file says, as far as it could have been written here: the folder may come from anywhere."""
    try:
        names = read_json(file, _LARGEST)["classes"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in names if isinstance(name, str) and _is_own(name)] if isinstance(names, list) else []


def _free(name: str, taken: tuple[str, ...]) -> str:
    """This name, or the first of it with a number that no class has."""
    known = {other.casefold() for other in taken}
    numbered = (f"{name} {number}" for number in count(2))
    return name if name.casefold() not in known else next(new for new in numbered if new.casefold() not in known)


def _is_own(name: str) -> bool:
    try:
        return accepted(name) == name
    except FinetunerError:
        return False


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FinetunerError(
            f"Nothing can be written to {readable(str(folder))}: {error.strerror or error}.",
            "Free some space or reconnect the disk; what was recorded before is kept.",
        ) from error
