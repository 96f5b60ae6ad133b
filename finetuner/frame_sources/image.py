"""One image as a source of one frame."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np

from finetuner.engine.dataset.decode import open_rgb
from finetuner.frame_sources.frame import Frame


class ImageSource:
    """The image in a file, upright. Raises UnreadableImage when it is entered."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> Iterator[Frame]:
        return iter([Frame(np.asarray(open_rgb(Path(self._path))), self._path)])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing is held."""
