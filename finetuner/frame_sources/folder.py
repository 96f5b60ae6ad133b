"""The images of a folder as frames, in the order of their names."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.unreadable import UnreadableImage
from finetuner.engine.dataset.walk import Walk
from finetuner.engine.events import ScanProblem
from finetuner.frame_sources.frame import Frame


class FolderSource:
    """Sub-folders included. What cannot be read is passed over and kept in `problems`."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self.problems: list[ScanProblem] = []

    def __enter__(self) -> Iterator[Frame]:
        return self._frames()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def _frames(self) -> Iterator[Frame]:
        for entry in Walk(self._folder):
            try:
                if entry.reason:
                    raise UnreadableImage(Path(entry.path), entry.reason)
                yield Frame(np.asarray(open_rgb(Path(entry.path))), entry.path)
            except UnreadableImage as error:
                self.problems.append(ScanProblem(path=entry.path, reason=error.reason))
