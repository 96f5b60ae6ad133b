"""What happens to each image of a batch, decided by numbers from 0 to 1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.dataset.augmentation.presets import Preset

Numbers = NDArray[np.float64]
_SHAPE, _STEP = 5, 3  # how many numbers the crop takes, and each step
_MOST_STRETCHED = 4 / 3


@dataclass(frozen=True)
class Step:
    """One operation for each of N images: its place in `names`, and how strongly, from -1 to 1."""

    names: tuple[str, ...]
    chosen: NDArray[np.int64]
    strengths: Numbers

    def of(self, name: str) -> NDArray[np.int64]:
        """The images whose operation is `name`."""
        return np.flatnonzero(self.chosen == self.names.index(name)) if name in self.names else np.empty(0, np.int64)


@dataclass(frozen=True)
class Variation:
    """For N images: boxes N,4 (left, top, width, height, pixels), whether each is mirrored, and the steps."""

    boxes: NDArray[np.int64]
    mirrored: NDArray[np.bool_]
    steps: tuple[Step, ...]


def numbers_of(preset: Preset) -> int:
    """How many numbers each image takes."""
    return _SHAPE + _STEP * len(preset.steps)


def draw(preset: Preset, numbers: Numbers, side: int, size: int) -> Variation:
    """What `numbers` N,K make of N images of side `side`; the centre has the side `size`."""
    if preset.smallest is None:
        start = (side - size) // 2
        boxes = np.tile(np.array([start, start, size, size]), (len(numbers), 1))
        return Variation(boxes, np.zeros(len(numbers), np.bool_), ())
    boxes = _boxes(numbers[:, :4], preset.smallest, side)
    steps = numbers[:, _SHAPE:].reshape(len(numbers), -1, _STEP)
    drawn = tuple(_step(preset, names, steps[:, index]) for index, names in enumerate(preset.steps))
    return Variation(boxes, numbers[:, 4] < 0.5, drawn)


def _boxes(numbers: Numbers, smallest: float, side: int) -> NDArray[np.int64]:
    """Random crops as in Inception (Szegedy et al., 2015), cut off where they would be wider than the image."""
    area = smallest + (1 - smallest) * numbers[:, 0]
    stretch = _MOST_STRETCHED ** (2 * numbers[:, 1] - 1)
    extent = np.stack([np.sqrt(area * stretch), np.sqrt(area / stretch)], axis=1).clip(max=1)
    pixels = np.rint(extent * side).astype(np.int64).clip(1, side)
    start = np.floor(numbers[:, 2:] * (side - pixels + 1)).astype(np.int64)
    return np.concatenate([start, pixels], axis=1)


def _step(preset: Preset, names: tuple[str, ...], numbers: Numbers) -> Step:
    """Operation, strength and direction."""
    chosen = np.floor(numbers[:, 0] * len(names)).astype(np.int64)
    strength = numbers[:, 1] if preset.strength is None else np.full(len(numbers), preset.strength)
    return Step(names, chosen, np.where(numbers[:, 2] < 0.5, -strength, strength))
