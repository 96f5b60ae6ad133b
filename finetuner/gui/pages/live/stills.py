"""Images as a stream: one at a time, moving on when asked. They are decoded beside the window."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.frame import Frame
from finetuner.gui.bridge.images import load_image, to_array
from finetuner.gui.widgets.image_loader import ImageLoader


class Stills(QObject):
    """Fits `FrameStream`, but never ends; `go(1)` shows the next image, `go(-1)` the one before."""

    arrived = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, paths: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paths = tuple(paths)
        self.row = 0
        self._running = False
        self._loader = ImageLoader(load_image, self)
        self._loader.loaded.connect(self._on_loaded)

    def start(self) -> None:
        """Show the image at hand."""
        self._running = True
        self._loader.request(str(self.paths[self.row]), 0)

    def stop(self) -> None:
        """Stop reading."""
        self._running = False
        self._loader.drop()

    def go(self, step: int) -> None:
        """Move on; at either end it stays."""
        row = max(0, min(self.row + step, len(self.paths) - 1))
        if row != self.row:
            self.row = row
            self.start()

    def _on_loaded(self, key: str, image: QImage) -> None:
        if not self._running or key != str(self.paths[self.row]):
            return
        if image.isNull():
            self.failed.emit(FinetunerError(f"{Path(key).name} cannot be read as an image.", "Choose another."))
        else:
            self.arrived.emit(Frame(to_array(image), f"{Path(key).name}  ·  {self.row + 1} / {len(self.paths)}"))
