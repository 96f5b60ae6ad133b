"""The images on which an exported file must agree with the app."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.errors import FinetunerError
from finetuner.engine.exporters.exporter import Pixels
from finetuner.engine.run_store.run_folder import RunFolder

MOST_IMAGES = 400
_DRAWN_SIZES = ((224, 224), (480, 640), (333, 517), (100, 80), (31, 57), (1, 1), (720, 405), (160, 161))
_DRAWN_OF_EACH = 4


@dataclass(frozen=True)
class HeldOut:
    """Images to compare on. `note` says where they come from when it is not simply the validation set."""

    paths: tuple[Path, ...]
    note: str = ""
    labels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.paths) or len(_DRAWN_SIZES) * _DRAWN_OF_EACH

    @property
    def truths(self) -> tuple[str | None, ...]:
        """The given class of each image; none of drawn ones."""
        return self.labels or (None,) * len(self)

    def __iter__(self) -> Iterator[Pixels]:
        return map(_pixels, self.paths) if self.paths else drawn_images()


def held_out(run: Path) -> HeldOut:
    """The run's validation images, at most 400 of them, at their natural sizes; drawn ones when all are gone."""
    pinned = _pinned(run)
    there = [(path, label) for path, label in pinned if _opens(path)]
    if not there:
        return HeldOut((), "The validation images were not found; images drawn at random were compared instead.")
    kept = there[:: -(-len(there) // MOST_IMAGES)]
    paths, labels = zip(*kept, strict=True)
    return HeldOut(paths, _remark(len(pinned), len(there), len(kept)), labels)


def _remark(pinned: int, there: int, kept: int) -> str:
    gone = f"{pinned - there} of the {pinned} validation images were not found. " if there < pinned else ""
    few = f"One validation image in {-(-there // MOST_IMAGES)} was compared." if kept < there else ""
    return (gone + few).strip()


def _pinned(run: Path) -> list[tuple[Path, str]]:
    try:
        return RunFolder(run).pinned("val")
    except (OSError, json.JSONDecodeError, KeyError):
        return []


def _opens(path: Path) -> bool:
    try:
        open_rgb(path, at_least=1)
    except FinetunerError:
        return False
    return True


def _pixels(path: Path) -> Pixels:
    return np.asarray(open_rgb(path))


def drawn_images() -> Iterator[Pixels]:
    """Random pictures at awkward sizes: smaller and larger than the input, flat, wide, one pixel."""
    generator = np.random.default_rng(0)
    for height, width in _DRAWN_SIZES * _DRAWN_OF_EACH:
        coarse = generator.integers(0, 256, (-(-height // 8), -(-width // 8), 3), dtype=np.uint8)
        yield coarse.repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
