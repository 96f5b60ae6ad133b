"""The last few moments, newest first: a small picture, what was seen, and when."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink
from finetuner.gui.widgets.strokes import elided

WIDE, TALL, GAP, LINE = 112, 64, 8, 16
"""So wide that `100.0 %  15:45:01` is not cut short."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_OPENERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class MomentStrip(QWidget):
    """`add(image, title, note)` keeps the newest `most`; `opened(number)`, 0 the newest, on a click or Enter."""

    opened = Signal(int)

    def __init__(self, name: str, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.most = most
        self.moments: list[tuple[QImage, str, str]] = []
        self._current = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, image: QImage, title: str, note: str) -> None:
        """One more, kept small."""
        fitting = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        small = image.scaled(2 * WIDE, 2 * TALL, *fitting)
        self.moments = [(small, title, note), *self.moments[: self.most - 1]]
        self._tell()

    def clear(self) -> None:
        """Nothing has been seen."""
        self.moments = []
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(6 * (WIDE + GAP), TALL + 2 * LINE + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDE, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = int(event.position().x() // (WIDE + GAP))
        if number < len(self.moments):
            self._current = number
            self._tell()
            self.opened.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _OPENERS and self.moments:
            self.opened.emit(self._current)
        elif key in _STEPS and self.moments:
            self._current = max(0, min(self._current + _STEPS[key], len(self.moments) - 1))
            self._tell()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(font("small"))
        for number, moment in enumerate(self.moments):
            place = QRectF(number * (WIDE + GAP) + 1, 1, WIDE - 2, TALL)
            if place.right() <= self.width():
                self._paint(painter, place, *moment, self.hasFocus() and number == self._current)

    def _paint(self, painter: QPainter, place: QRectF, image: QImage, title: str, note: str, ringed: bool) -> None:
        path = QPainterPath()
        path.addRoundedRect(place, 6, 6)
        painter.setClipPath(path)
        part = QRectF(0, 0, 2 * WIDE, 2 * TALL)
        part.moveCenter(QRectF(image.rect()).center())
        painter.drawImage(place, image, part)
        painter.setClipping(False)
        if ringed:
            painter.setPen(QPen(ink().accent, 2))
            painter.drawPath(path)
        for row, (words, colour) in enumerate(((title, ink().text), (note, ink().muted))):
            line = QRectF(place.left(), place.bottom() + 3 + row * LINE, place.width(), LINE)
            painter.setPen(colour)
            elided(painter, line, words, mode=Qt.TextElideMode.ElideRight)

    def _tell(self) -> None:
        self._current = min(self._current, max(len(self.moments) - 1, 0))
        told = self.moments[self._current][1:] if self.moments else ()
        self.setAccessibleDescription(", ".join(told))
        self.update()
