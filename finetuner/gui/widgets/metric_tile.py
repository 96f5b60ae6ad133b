"""One figure, large, with its name above and what to know about it beneath."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink

LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


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
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        small, big = QFontMetricsF(font()), QFontMetricsF(self._big())
        widest = max(
            small.horizontalAdvance(self.name), small.horizontalAdvance(self.note), big.horizontalAdvance(self.value)
        )
        return QSize(int(widest) + 24, int(small.height() * (2 if self.note else 1) + big.height()) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(int(QFontMetricsF(self._big()).horizontalAdvance(self.value)) + 12, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, inks = QPainter(self), ink()
        y = self._line(painter, 0, self.name, font(), inks.muted)
        y = self._line(painter, y, self.value, self._big(), inks.text)
        self._line(painter, y, self.note, font(), inks.muted)

    def _line(self, painter: QPainter, y: float, text: str, face: QFont, colour: QColor) -> float:
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        painter.setPen(colour)
        fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, y, self.width(), metrics.height() + 2), LEFT_MIDDLE, fitting)
        return y + metrics.height() + 2

    def _big(self) -> QFont:
        return font(self._role)
