"""From an image or a folder to pixels; what cannot be read is set aside with its reason."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.names import readable
from finetuner.engine.dataset.pool import in_order
from finetuner.engine.dataset.unreadable import UnreadableImage
from finetuner.engine.dataset.walk import Entry, Walk
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ScanProblem
from finetuner.engine.prediction.predictor import Pixels


@dataclass(frozen=True)
class Picture:
    """An image that was read."""

    path: str
    pixels: Pixels


def entries(source: Path) -> list[Entry]:
    """The files that `source` stands for: itself, or everything in the folder. Raises FinetunerError for neither."""
    if source.is_dir():
        return [Entry(_as_given(entry.path, source), entry.reason) for entry in Walk(source)]
    if source.exists():
        return [Entry(str(source))]
    raise FinetunerError(f"There is nothing at {readable(str(source))}.", "Give an image or a folder of images.")


def pictures(files: Iterable[Entry]) -> Generator[Picture | ScanProblem, None, None]:
    """Decode ahead in a few threads, in order, at full size. Closing stops the reading."""
    return in_order(read, files)


def read(entry: Entry) -> Picture | ScanProblem:
    """Never raises for a bad file."""
    if entry.reason:
        return ScanProblem(path=entry.path, reason=entry.reason)
    try:
        return Picture(entry.path, np.asarray(open_rgb(Path(entry.path))))
    except UnreadableImage as error:
        return ScanProblem(path=entry.path, reason=error.reason)


def _as_given(path: str, folder: Path) -> str:
    """`data/val` asked for gives `data/val/ant/1.jpg`, so that a script finds its own names again."""
    return str(folder / Path(path).relative_to(folder.absolute()))
