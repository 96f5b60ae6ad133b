"""Horizontal bars: the likeliest classes of a prediction."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink, mix
from finetuner.gui.widgets.strokes import LEFT_MIDDLE, RIGHT_MIDDLE, elided, rounded
from finetuner.gui.widgets.ticks import write_percent

ROW = 46
EASE_MS = 160


class ProbabilityBars(QWidget):
    """The likeliest classes, best first, sliding to new values: `show_top([("bee", 0.97), ("ant", 0.03)])`.

    While it is `unsure` none of them is the answer, and the best looks like the others.
    """

    def __init__(self, rows: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = rows
        self.top: list[tuple[str, float]] = []
        self.unsure = False
        self._shown: dict[str, float] = {}
        self._from: dict[str, float] = {}
        self._ready: QPixmap | None = None
        self._slide = QVariantAnimation(self, duration=EASE_MS, startValue=0.0, endValue=1.0)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._slid)
        self.setAccessibleName("Likeliest classes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_top(
        self, top: Sequence[tuple[str, float]], unsure: bool = False, wanted: Callable[[], bool] | None = None
    ) -> bool:
        """Slide to these classes and probabilities, best first.

        With `wanted` they are on the screen when this returns. It is asked when nothing but that is left to do, and
        once more after it; if they are not wanted any more, what was there stands. Returns whether they are shown.
        """
        top = list(top[: self.rows])
        starts = {name: self._shown.get(name, 0.0) for name, _ in top}
        if wanted is not None and not self._put(self._drawn(top, starts, unsure), wanted):
            return False
        self.top, self.unsure, self._from = top, unsure, starts
        self._slide_on()
        return True

    def _put(self, ready: QPixmap, wanted: Callable[[], bool]) -> bool:
        if not wanted():
            return False
        self._ready = ready
        self.repaint()
        self._ready = None
        if wanted():
            return True
        self.repaint()  # the system gave the processor to others meanwhile
        return False

    def _slide_on(self) -> None:
        told = ", ".join(f"{name} {write_percent(value)}" for name, value in self.top)
        self.setAccessibleDescription(self.tr("Unsure: {}").format(told) if self.unsure else told)
        self._slide.stop()
        self._slide.start()

    def sizeHint(self) -> QSize:
        return QSize(320, self.rows * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.rows * ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        drawn = self._drawn(self.top, self._shown, self.unsure) if self._ready is None else self._ready
        QPainter(self).drawPixmap(0, 0, drawn)

    def _drawn(self, top: Sequence[tuple[str, float]], shown: Mapping[str, float], unsure: bool) -> QPixmap:
        """As it will look, drawn aside."""
        made = QPixmap(self.size() * self.devicePixelRatio())
        made.setDevicePixelRatio(self.devicePixelRatio())
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, (name, value) in enumerate(top):
            place, best = QRectF(0, row * ROW, self.width(), ROW), row == 0 and not unsure
            self._paint_row(painter, place, name, value, shown.get(name, 0.0), best)
        painter.end()
        return made

    def _paint_row(self, painter: QPainter, place: QRectF, name: str, value: float, share: float, first: bool) -> None:
        inks = ink()
        painter.setFont(font("heading" if first else "body"))
        painter.setPen(inks.text if first else inks.muted)
        text = place.adjusted(0, 4, 0, -18)
        painter.drawText(text, RIGHT_MIDDLE, write_percent(value))
        elided(painter, text.adjusted(0, 0, -72, 0), name, LEFT_MIDDLE)
        track = QRectF(place.left(), place.bottom() - 16, place.width(), 8)
        painter.fillPath(rounded(track), inks.line)
        if share * track.width() >= 1:
            filled = QRectF(track.topLeft(), QPointF(track.left() + track.width() * share, track.bottom()))
            painter.fillPath(rounded(filled), inks.accent if first else mix(inks.surface, inks.accent, 0.55))

    def _slid(self, progress: float) -> None:
        starts = self._from
        self._shown = {name: starts[name] + (value - starts[name]) * progress for name, value in self.top}
        self.update()
