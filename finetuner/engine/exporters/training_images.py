"""The training images from which a smaller format learns what numbers occur; never those that judge it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.errors import FinetunerError
from finetuner.engine.exporters.exporter import Pixels
from finetuner.engine.run_store.run_folder import RunFolder

MOST_IMAGES = 100


class TrainingImages:
    """At most a hundred of a run's training images, spread over all of them. Files that are gone are left out."""

    def __init__(self, run: Path) -> None:
        self._run = run

    def __iter__(self) -> Iterator[Pixels]:
        for path in self._paths():
            try:
                yield np.asarray(open_rgb(path))
            except FinetunerError:
                continue

    def _paths(self) -> list[Path]:
        pinned = [path for path, _ in RunFolder(self._run).pinned("train")]
        return pinned[:: max(1, -(-len(pinned) // MOST_IMAGES))]
