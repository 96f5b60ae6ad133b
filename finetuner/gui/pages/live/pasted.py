"""A picture from the clipboard as a stream of one frame."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from finetuner.frame_sources.frame import Frame
from finetuner.gui.bridge.images import to_array


class Pasted(QObject):
    """Fits `FrameStream`, but never ends."""

    arrived = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, image: QImage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._image = image

    def start(self) -> None:
        """Show the picture."""
        self.arrived.emit(Frame(to_array(self._image), self.tr("Pasted image")))

    def stop(self) -> None:
        """Nothing is held."""
