"""All images of the archives as one uint8 array on disk, and which of them pretraining may see."""

import io
import json
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 64
HELD_OUT_CLASSES = 20
"""The first two sets of ten that `benchmarks subsets` deals out: pretraining sees none of their images."""


@dataclass(frozen=True)
class Images:
    """`pixels`: n,64,64,3 uint8, memory-mapped; `labels`: n; `names`: the classes seen in pretraining."""

    pixels: np.ndarray
    labels: np.ndarray
    names: list[str]


def pack(archives: Path, work: Path) -> None:
    """Decode the training images of all classes but the held-out ones into `work`."""
    members = [
        (archive, path)
        for archive in map(zipfile.ZipFile, sorted(archives.glob("*.zip")))
        for path in sorted(archive.namelist())
        if path.startswith(("train/", "val/")) and not path.endswith("/")
    ]
    names = seen_classes({_class(path) for _, path in members})
    members = [(archive, path) for archive, path in members if _class(path) in names]
    pixels = np.lib.format.open_memmap(work / "pixels.npy", "w+", np.uint8, (len(members), SIDE, SIDE, 3))
    for row, (archive, path) in enumerate(members):
        pixels[row] = Image.open(io.BytesIO(archive.read(path))).convert("RGB")
    pixels.flush()
    np.save(work / "labels.npy", np.array([names.index(_class(path)) for _, path in members]))
    (work / "names.json").write_text(json.dumps(names))


def opened(work: Path) -> Images:
    """What `pack` wrote."""
    pixels = np.load(work / "pixels.npy", mmap_mode="r")
    return Images(pixels, np.load(work / "labels.npy"), json.loads((work / "names.json").read_text()))


def seen_classes(all_names: set[str]) -> list[str]:
    """The classes of pretraining: all but the first twenty of the shuffle that `benchmarks subsets` makes."""
    names = sorted(all_names)
    random.Random(0).shuffle(names)
    return sorted(names[HELD_OUT_CLASSES:])


def _class(path: str) -> str:
    return path.split("/")[1]
