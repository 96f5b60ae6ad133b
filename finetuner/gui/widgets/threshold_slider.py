"""A threshold to be dragged through the answers it divides: right ones above the track, wrong ones below."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from finetuner.gui.widgets.ink import Ink, font, ink, mix
from finetuner.gui.widgets.strokes import LEFT_MIDDLE, RIGHT_MIDDLE
from finetuner.gui.widgets.ticks import write_percent

STEPS = 1000
TALL, INSET, HANDLE, RISE = 74, 9, 7, 8


class ThresholdSlider(QAbstractSlider):
    """`moved(threshold)` while it is dragged, `chosen(threshold, by_key)` when it is let go or moved by a key."""

    moved = Signal(float)
    chosen = Signal(float, bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.figures = name, ""
        self._mixed = False
        self._right: set[int] = set()
        self._wrong: set[int] = set()
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setPageStep(STEPS // 20)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.valueChanged.connect(self._tell)

    @property
    def threshold(self) -> float:
        """From 0 to 1."""
        return self.value() / STEPS

    def show_answers(self, right: Iterable[float], wrong: Iterable[float]) -> None:
        """The probabilities of the answers that are divided."""
        self._right, self._wrong = ({round(share * STEPS) for share in shares} for shares in (right, wrong))
        self.update()

    def show_threshold(self, threshold: float, mixed: bool = False) -> None:
        """Move there, without a signal. `mixed`: it stands for several that differ."""
        self.blockSignals(True)
        self.setValue(round(threshold * STEPS))
        self.blockSignals(False)
        self._mixed = mixed
        self.update()

    def show_figures(self, figures: str) -> None:
        """What the threshold gives, in a line."""
        self.figures = figures
        self.setAccessibleDescription(f"{self.words()}. {figures}")
        self.update()

    def words(self) -> str:
        """`unsure below 80 %`."""
        if self._mixed:
            return self.tr("differs from class to class")
        if not self.value():
            return self.tr("always answered")
        return self.tr("unsure below {}").format(write_percent(self.threshold))

    def place(self, share: float) -> float:
        """The pixel of a probability."""
        return INSET + share * (self.width() - 2 * INSET)

    def sizeHint(self) -> QSize:
        return QSize(360, TALL)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, TALL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)
            self.chosen.emit(self.threshold, False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel is for the list that it stands in."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, inks = QPainter(self), ink()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_words(painter, inks)
        middle = 37.0
        self._paint_track(painter, inks, middle)
        self._paint_rug(painter, middle - 3, -RISE, self._right, inks.accent, inks)
        self._paint_rug(painter, middle + 3, RISE, self._wrong, inks.bad, inks)
        at = QPointF(self.place(self.threshold), middle)
        painter.setPen(QPen(inks.accent if self.hasFocus() else inks.faint, 2 if self.hasFocus() else 1.5))
        painter.setBrush(inks.surface)
        painter.drawEllipse(at, HANDLE, HANDLE)

    def _paint_words(self, painter: QPainter, inks: Ink) -> None:
        line, words = QRectF(0, 2, self.width() - 2, 18), self.words()
        painter.setFont(font("small"))
        room = line.width() - QFontMetricsF(painter.font()).horizontalAdvance(words) - 16
        painter.setPen(inks.text if self.value() else inks.muted)
        painter.drawText(line, RIGHT_MIDDLE, words)
        painter.setPen(inks.muted)
        painter.drawText(QRectF(0, 52, self.width(), 18), LEFT_MIDDLE, self.figures)
        painter.setFont(font("body", bold=True))
        painter.setPen(inks.text)
        name = QFontMetricsF(painter.font()).elidedText(self.name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(line, LEFT_MIDDLE, name)

    def _paint_track(self, painter: QPainter, inks: Ink, middle: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for low, high, colour in ((0.0, self.threshold, inks.line), (self.threshold, 1.0, inks.accent)):
            start = self.place(low)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(start, middle - 2, max(self.place(high) - start, 0), 4), 2, 2)

    def _paint_rug(
        self, painter: QPainter, base: float, rise: float, steps: set[int], colour: QColor, inks: Ink
    ) -> None:
        """A stroke for each answer; those that are withheld are pale."""
        for kept, share in ((True, 0.75), (False, 0.3)):
            painter.setPen(QPen(mix(inks.surface, colour, share), 1.5))
            for step in steps:
                if (step >= self.value()) == kept:
                    x = self.place(step / STEPS)
                    painter.drawLine(QPointF(x, base), QPointF(x, base + rise))

    def _drag(self, x: float) -> None:
        self._mixed = False
        room = max(self.width() - 2 * INSET, 1)
        self.setValue(round(min(max((x - INSET) / room, 0.0), 1.0) * STEPS))

    def _tell(self) -> None:
        if self.isSliderDown():
            self.moved.emit(self.threshold)
        else:
            self.chosen.emit(self.threshold, True)
