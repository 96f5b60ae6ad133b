"""A few small pictures in a row, filling the width."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import ink

GAP, LARGEST = 8, 132


class PictureStrip(QWidget):
    """`show_images(images)`; `opened(number)` on a click."""

    opened = Signal(int)

    def __init__(self, places: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places = places
        self.images: list[QImage] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_images(self, images: Sequence[QImage]) -> None:
        """Show these; empty places stay grey."""
        self.images = list(images)[: self.places]
        self.update()

    def side(self, width: int) -> int:
        """The side of a picture in a strip of this width."""
        return min((width - GAP * (self.places - 1)) // self.places, LARGEST)

    def sizeHint(self) -> QSize:
        return QSize(480, self.side(480))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(self.side(event.size().width()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = int(event.position().x() // (self.side(self.width()) + GAP))
        if number < len(self.images):
            self.opened.emit(number)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side = QPainter(self), self.side(self.width())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for number in range(self.places):
            place, path = QRectF(number * (side + GAP), 0, side, side), QPainterPath()
            path.addRoundedRect(place, 6, 6)
            painter.fillPath(path, ink().sunken)
            if number < len(self.images):
                painter.setClipPath(path)
                painter.drawImage(place, self.images[number])
                painter.setClipping(False)
