"""One figure, large, with its name above and what to know about it beneath, in as many lines as it takes."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink
from finetuner.gui.widgets.strokes import LEFT_MIDDLE

WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
_BETWEEN = 2


class MetricTile(QWidget):
    """`show_value("94.8 %", "90.0 – 97.3 % (95 %), n = 153")`; a dash stands where nothing is known yet."""

    def __init__(self, name: str, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.value, self.note = name, "–", ""
        self._role = "figure" if large else "heading"
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def show_value(self, value: str, note: str = "") -> None:
        """Show a value, already written out, and a note beneath."""
        self.value, self.note = value, note
        self.setAccessibleName(f"{self.name}: {value} {note}".strip())
        self.setToolTip(note)
        self.setFixedHeight(self._height(self.width()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        small, big = QFontMetricsF(font()), QFontMetricsF(self._big())
        widest = max(
            small.horizontalAdvance(self.name), small.horizontalAdvance(self.note), big.horizontalAdvance(self.value)
        )
        width = int(widest) + 24
        return QSize(width, self._height(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(int(QFontMetricsF(self._big()).horizontalAdvance(self.value)) + 12, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(self._height(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, inks = QPainter(self), ink()
        y = self._line(painter, 0, self.name, font(), inks.muted)
        y = self._line(painter, y, self.value, self._big(), inks.text)
        self._note(painter, y, inks.muted)

    def _height(self, width: int) -> int:
        small, big = QFontMetricsF(font()), QFontMetricsF(self._big())
        return int(small.height() + big.height() + self._note_height(width)) + 8

    def _note_height(self, width: int) -> float:
        room = QRectF(0, 0, width, 1000)
        return QFontMetricsF(font()).boundingRect(room, WRAPPED, _unbroken(self.note)).height() if self.note else 0.0

    def _line(self, painter: QPainter, y: float, text: str, face: QFont, colour: QColor) -> float:
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        painter.setPen(colour)
        fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, y, self.width(), metrics.height() + _BETWEEN), LEFT_MIDDLE, fitting)
        return y + metrics.height() + _BETWEEN

    def _note(self, painter: QPainter, y: float, colour: QColor) -> None:
        painter.setFont(font())
        painter.setPen(colour)
        room = QRectF(0, y, self.width(), self._note_height(self.width()) + _BETWEEN)
        painter.drawText(room, WRAPPED, _unbroken(self.note))

    def _big(self) -> QFont:
        return font(self._role)


def _unbroken(note: str) -> str:
    """No line ends within an interval, or between n and its value."""
    return note.replace("–", "–\u2060").replace(" = ", "\u00a0=\u00a0")
