"""The images that backbones are tried on."""

import hashlib
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.advice.trial import folds_of
from finetuner.engine.dataset.together import group_of
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, ScannedImage
from finetuner.engine.job import Job
from finetuner.engine.training.pinning import divided

MOST = 2000
"""So many images tell backbones a point or two apart; more would only take longer."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Subject:
    """Training images only: what validates a run later is not looked at. `groups`: look-alikes share a number."""

    files: list[Path]
    labels: Numbers
    groups: Numbers
    seed: int


def subject_of(job: Job) -> Generator[Event, None, Subject]:
    """The job's training images, or a fair part of very many. Raises FinetunerError when nothing can be held out."""
    classes, images = yield from divided(job)
    chosen = sample([image for image in images if image.split == "train"], MOST, job.compute.seed)
    numbers = {group: number for number, group in enumerate(dict.fromkeys(map(group_of, chosen)))}
    labels = np.array([classes.index(image.label) for image in chosen])
    if folds_of(labels) < 2:
        scarce = classes[int(np.bincount(labels).argmin())]
        raise FinetunerError(
            f"The class {scarce} has a single image to learn from, which leaves none to try a backbone on.",
            "Add images of it.",
        )
    groups = np.array([numbers[group_of(image)] for image in chosen])
    return Subject([Path(image.path) for image in chosen], labels, groups, job.compute.seed)


def sample(images: Sequence[ScannedImage], most: int, seed: int) -> list[ScannedImage]:
    """About `most` of the images, of each class the same share and at least two, drawn by seed; in their order."""
    share = min(1.0, most / max(1, len(images)))
    left = Counter({label: max(2, round(count * share)) for label, count in Counter(i.label for i in images).items()})
    kept = set()
    for image in sorted(images, key=lambda image: _lot(seed, image.path)):
        if left[image.label] > 0:
            left[image.label] -= 1
            kept.add(image.path)
    return [image for image in images if image.path in kept]


def _lot(seed: int, path: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{path}".encode("utf-8", "surrogateescape")).digest()
