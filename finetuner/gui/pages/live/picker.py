"""A part of a screen, chosen by drawing a rectangle on it."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QScreen
from PySide6.QtWidgets import QWidget

from finetuner.frame_sources.screen import Region
from finetuner.gui import theme

_LEAST = 16
_DIM = QColor(0, 0, 0, 120)
_WORDS = QColor("white")


class ScreenPicker(QWidget):
    """Lies over the whole screen. `chosen(text)` when a rectangle was drawn, or Enter pressed for all; Esc: neither."""

    chosen = Signal(str)

    def __init__(self, screen: QScreen, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self._number = QGuiApplication.screens().index(screen)
        self._ratio = screen.devicePixelRatio()
        self._picture = screen.grabWindow(0)
        self._from = self._to = QPoint()
        self.setWindowTitle(self.tr("Part of the screen"))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setGeometry(screen.geometry())

    @property
    def rectangle(self) -> QRect:
        """What is drawn so far, in the screen's logical pixels."""
        return QRect(self._from, self._to).normalized()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = self._to = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._to = event.position().toPoint()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._to = event.position().toPoint()
        if min(self.rectangle.width(), self.rectangle.height()) >= _LEAST:
            self._choose(self.rectangle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, drawn = QPainter(self), self.rectangle
        painter.drawPixmap(self.rect(), self._picture)
        painter.fillRect(self.rect(), _DIM)
        painter.setPen(_WORDS)
        painter.setFont(theme.font("heading"))
        words = self.tr("Draw a rectangle. Enter: the whole screen. Esc: back.")
        painter.drawText(self.rect().adjusted(0, theme.GRID * 6, 0, 0), Qt.AlignmentFlag.AlignHCenter, words)
        if drawn.width() > 1 and drawn.height() > 1:
            painter.drawPixmap(drawn, self._picture, self._in_pixels(drawn))
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(drawn)

    def _in_pixels(self, logical: QRect) -> QRect:
        corner, size = logical.topLeft() * self._ratio, logical.size() * self._ratio
        return QRect(corner, size)

    def _choose(self, drawn: QRect | None) -> None:
        part = None
        if drawn is not None:
            pixels = self._in_pixels(drawn & self.rect())
            part = (pixels.x(), pixels.y(), pixels.width(), pixels.height())
        self.close()
        self.chosen.emit(str(Region(self._number, part)))
