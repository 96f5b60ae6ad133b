"""Images as the network takes them: those of a folder, and those of a class of the run."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.dataset.unreadable import UnreadableImage
from finetuner.engine.dataset.walk import Walk
from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.run_folder import RunFolder

MOST_OF_A_CLASS = 64
_SPLITS = ("val", "train")


def files_in(folder: Path, most: int) -> list[Path]:
    """The files of a folder and its folders, of many an even sample. Raises FinetunerError when it is no folder."""
    if not folder.is_dir():
        raise FinetunerError(f"{folder} is no folder.", "Give a folder of images.")
    return evenly([Path(entry.path) for entry in Walk(folder) if not entry.reason], most)


def images_by_class(run: Path, labels: Sequence[str]) -> dict[str, list[Path]]:
    """The run's images of each class, at most MOST_OF_A_CLASS: those it was not trained on come first.

    Raises FinetunerError when the run's list of images is missing or damaged.
    """
    found: dict[tuple[str, str], list[Path]] = {(label, split): [] for label in labels for split in _SPLITS}
    for image in RunFolder(run).pinned_images():
        if (image.label, image.split) in found:
            found[image.label, image.split].append(Path(image.path))
    return {label: _held_out_first(*(found[label, split] for split in _SPLITS)) for label in labels}


def _held_out_first(held_out: list[Path], trained: list[Path]) -> list[Path]:
    first = evenly(held_out, MOST_OF_A_CLASS)
    return first + evenly(trained, MOST_OF_A_CLASS - len(first))


def inputs(preprocess: Preprocess, paths: Sequence[Path]) -> Iterator[Tensor | None]:
    """Each image as 1,3,S,S; None for one that cannot be read."""
    for path in paths:
        try:
            photo = open_rgb(path, at_least=preprocess.size)
        except UnreadableImage:
            yield None
        else:
            yield preprocess(torch.from_numpy(np.array(photo))[None])


def evenly(paths: list[Path], most: int) -> list[Path]:
    """At most so many, spread over all of them."""
    return [paths[number * len(paths) // most] for number in range(most)] if len(paths) > most else paths
