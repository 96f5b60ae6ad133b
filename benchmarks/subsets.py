"""Small labelled sets that nobody looked at, cut from archives of many classes, for `strategies`.

The archives hold `train/CLASS/...` and `val/CLASS/...`. The classes are shuffled once with seed 0 and dealt out in
tens, so that no set is chosen; `test` comes from the archives' `val`, `train` and `val` from their `train`.
"""

import argparse
import random
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

CLASSES = 10
COUNTS = {"train": 40, "val": 20, "test": 50}

Members = dict[tuple[str, str], list[tuple[zipfile.ZipFile, str]]]


def cut(archives: list[Path], target: Path, sets: int, more: int = 0) -> list[Path]:
    """Write `sets` folders of ten classes each into `target`; return them.

    `more`: so many further images of each class in `test`, of those in the archives' `train` that are left.
    """
    members = _members(archives)
    names = sorted({name for part, name in members if part == "train"})
    random.Random(0).shuffle(names)
    dealt = [names[number * CLASSES : (number + 1) * CLASSES] for number in range(sets)]
    return [_written(target / f"set-{number}", chosen, members, more) for number, chosen in enumerate(dealt)]


def measure(arguments: argparse.Namespace) -> None:
    """Write the sets beside nothing else, and name them."""
    for folder in cut(sorted(arguments.data.glob("*.zip")), arguments.out, arguments.count):
        print(folder)


def _members(archives: list[Path]) -> Members:
    found: Members = defaultdict(list)
    for archive in map(zipfile.ZipFile, archives):
        for path in sorted(archive.namelist()):
            part, _, rest = path.partition("/")
            name, _, file = rest.partition("/")
            if file:
                found[part, name].append((archive, path))
    return found


def _written(folder: Path, classes: list[str], members: Members, more: int) -> Path:
    for name in classes:
        for part, (archive, path) in _chosen(name, members, more):
            place = folder / part / name / Path(path).name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(archive.read(path))
    return folder


def _chosen(name: str, members: Members, more: int) -> Iterator[tuple[str, tuple[zipfile.ZipFile, str]]]:
    """The images of one class with the part they go to."""
    train, val = members["train", name], members["val", name]
    kept = COUNTS["train"] + COUNTS["val"]
    yield from (("train", image) for image in train[: COUNTS["train"]])
    yield from (("val", image) for image in train[COUNTS["train"] : kept])
    yield from (("test", image) for image in (*val[: COUNTS["test"]], *train[kept : kept + more]))
