"""Where a file's label comes from: its folder, or a line in a manifest.

    folders        root/<class>/...                        sub-folders of a class belong to it
    split-folders  root/{train|training,val|valid|validation,test|testing}/<class>/...
    manifest       a CSV or TSV file: path,label[,split]

To add a layout: a name here, a rule in `layout_of`, and how it labels a file in `candidates`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from finetuner.engine.dataset.candidate import SPLITS, Candidate, Split
from finetuner.engine.dataset.manifest import SUFFIXES, read_manifest
from finetuner.engine.dataset.names import class_name, is_ignored, readable
from finetuner.engine.dataset.walk import Walk
from finetuner.engine.errors import FinetunerError

Layout = Literal["folders", "split-folders", "manifest"]

_WANTED = "Choose a folder that has one sub-folder of images for each class."


def layout_of(data: Path) -> Layout:
    """How `data` is organised. Raises FinetunerError, with advice, when it cannot be a data set."""
    if data.is_file():
        return _manifest_or_refuse(data)
    names = subfolders(data)
    if not names:
        raise _no_classes(data)
    splits = [name for name in names if name.lower() in SPLITS and subfolders(data / name)]
    # a class may be called "train": beside others of no such name it is one, unless a val or test stands by it
    return "split-folders" if len(splits) == len(names) or len(splits) >= 2 else "folders"


def candidates(data: Path, layout: Layout) -> Iterator[Candidate]:
    """Every file of the data set with its label, or with the reason why it has none."""
    if layout == "manifest":
        yield from read_manifest(data)
        return
    walk = Walk(data)
    for entry in walk:
        if entry.reason:
            yield Candidate(entry.path, reason=entry.reason)
        else:
            yield _labelled(entry.path, entry.path[len(walk.folder) :].lstrip(os.sep).split(os.sep), layout)


def class_folders(data: Path, layout: Layout) -> list[str]:
    """The names of all class folders, even of those without a usable image."""
    if layout == "manifest":
        return []
    names = subfolders(data)
    if layout == "split-folders":
        names = [name for part in names if part.lower() in SPLITS for name in subfolders(data / part)]
    return sorted(set(map(class_name, names)))


def subfolders(folder: Path) -> list[str]:
    """The visible folders directly inside, sorted. Raises FinetunerError when `folder` cannot be opened."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir() and not is_ignored(entry.name))
    except PermissionError:
        return []
    except OSError as error:
        raise FinetunerError(
            f"The folder {readable(str(folder))} cannot be opened: {error.strerror}.",
            "Check that it still exists and that its disk is connected.",
        ) from error


def _labelled(path: str, parts: list[str], layout: Layout) -> Candidate:
    if layout == "folders":
        return _in_class(path, parts)
    split = SPLITS.get(parts[0].lower())
    if split is None or len(parts) == 1:
        return Candidate(path, reason="lies outside of the train, val and test folders")
    return _in_class(path, parts[1:], split)


def _in_class(path: str, parts: list[str], split: Split | None = None) -> Candidate:
    if len(parts) == 1:
        return Candidate(path, reason="lies in no class folder")
    return Candidate(path, class_name(parts[0]), split)


def _manifest_or_refuse(data: Path) -> Layout:
    if data.suffix.lower() in SUFFIXES:
        return "manifest"
    raise FinetunerError(f"{readable(data.name)} is a single file, not a data set.", f"{_WANTED[:-1]}, or a manifest.")


def _no_classes(data: Path) -> FinetunerError:
    name, parent = readable(data.name), data.absolute().parent
    try:
        files = sum(not is_ignored(file) for file in os.listdir(data))
    except OSError as error:
        return FinetunerError(f"The folder {readable(str(data))} cannot be opened: {error.strerror}.", _WANTED)
    if not files:
        return FinetunerError(f"The folder {name} is empty.", _WANTED)
    siblings = [readable(sibling) for sibling in _siblings(data) if sibling != data.name]
    if siblings:
        hint = f"If {name} is itself one class beside {_few(siblings)}, choose {readable(str(parent))} instead."
        return FinetunerError(f"The folder {name} has no class folders, only files ({files:,}).", hint)
    return FinetunerError(f"The folder {name} has no class folders, only files ({files:,}).", _WANTED)


def _siblings(data: Path) -> list[str]:
    try:
        return subfolders(data.absolute().parent)
    except FinetunerError:
        return []


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def advice(data: Path, layout: Layout) -> list[str]:
    """What the user may have meant when the choice looks like the wrong floor of the right house."""
    if layout == "manifest":
        return []
    parent = data.absolute().parent
    partner = [name for name in _siblings(data) if name.lower() in SPLITS and name != data.name]
    sentences = []
    if layout == "folders" and data.name.lower() in SPLITS and partner:
        sentences.append(
            f"{readable(data.name)} looks like one part of a data set: choose {readable(str(parent))} to use "
            f"{_few(partner)} too."
        )
    only = subfolders(data)
    if layout == "folders" and len(only) == 1 and len(inner := subfolders(data / only[0])) > 1:
        sentences.append(
            f"The only folder, {readable(only[0])}, has folders of its own ({_few([readable(n) for n in inner])}): "
            f"if these are the classes, choose {readable(str(data / only[0]))} instead."
        )
    return sentences
