"""A live line chart: labelled axes, direct labels at the line ends, phase marks, a cursor to read values.

Painted here rather than by a chart library: measured on two cores, three charts repaint in a few milliseconds,
a fifth of what pyqtgraph needs for antialiased lines, so that the window stays at hand while training.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.curve_painter import CurvePainter, EndLabel
from finetuner.gui.widgets.ink import font, ink, mix
from finetuner.gui.widgets.scales import Scale, roomy
from finetuner.gui.widgets.ticks import (
    linear_ticks,
    log_ticks,
    write_number,
    write_percent,
    write_percent_tick,
    write_rate,
)
from finetuner.gui.widgets.trace import Trace

REPAINT_MS = 100
TOP, BOTTOM, LEFT = 34, 36, 52


@dataclass(frozen=True)
class Mark:
    """A vertical line with a word: here something changed."""

    x: float
    text: str


class Curves(QWidget):
    """Lines over one x axis. `append` as values come; painting follows at most ten times a second.

    With `ramp` the lines are steps of one colour, first to last, else each has its own. With `whole` the y axis shows
    all of `bounds`, so that charts side by side can be compared.
    """

    def __init__(
        self,
        title: str,
        x_label: str,
        *,
        log: bool = False,
        ramp: bool = False,
        bounds: tuple[float | None, float | None] = (None, None),
        whole: bool = False,
        percent: bool = False,
        waiting: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title, self.x_label, self.waiting = title, x_label, waiting
        self.log, self.ramp, self.bounds, self.whole = log, ramp, bounds, whole
        self.write = write_percent if percent else write_rate if log else write_number
        self.write_tick = write_percent_tick if percent else self.write
        self.traces: dict[str, Trace] = {}
        self.marks: list[Mark] = []
        self._span = 0.0
        self._cursor: float | None = None
        self._repaint = QTimer(self, singleShot=True, interval=REPAINT_MS)
        self._repaint.timeout.connect(self._show_news)
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def add_line(self, name: str, smoothing: float = 0.0) -> None:
        """Announce a line; `smoothing` (0..1) draws its raw trace faint under a smoothed one."""
        self.traces[name] = Trace(smoothing)

    def drop_lines(self) -> None:
        """Forget all lines, also their names."""
        self.traces = {}
        self._news()

    def append(self, name: str, x: float, y: float) -> None:
        """Add a point to a line."""
        if name not in self.traces:
            self.add_line(name)
        self.traces[name].append(x, y)
        self._news()

    def mark(self, x: float, text: str) -> None:
        """Draw a phase mark at `x`."""
        others = [mark for mark in self.marks if mark.x != x]
        self.marks = sorted([*others, Mark(x, text)], key=lambda mark: mark.x)
        self._news()

    def set_span(self, last: float) -> None:
        """Let the x axis reach from 0 to `last`, before any point does."""
        self._span = last
        self._news()

    def clear(self) -> None:
        """Forget all points and marks."""
        self.traces = {name: Trace(trace.smoothing) for name, trace in self.traces.items()}
        self.marks = []
        self._span, self._cursor = 0.0, None
        self._news()

    def sizeHint(self) -> QSize:
        return QSize(420, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 150)

    def in_words(self) -> str:
        """The newest value of each line, or those at the cursor."""
        labels = self.end_labels()
        where = f" ({self.x_label} {write_number(self._cursor)})" if self._cursor is not None else ""
        return (", ".join(f"{label.name} {label.value}" for label in labels) or self.waiting) + where

    # --- geometry ---------------------------------------------------------------------------------------------

    def end_labels(self) -> list[EndLabel]:
        """Name, value and colour number of each line that has points, at the cursor or at its end."""
        labels = []
        for number, (name, trace) in enumerate(self.traces.items()):
            if trace.xs:
                index = len(trace.xs) - 1 if self._cursor is None else trace.nearest(self._cursor)
                labels.append(
                    EndLabel(name, self.write(trace.smooth[index]), trace.xs[index], trace.smooth[index], number)
                )
        return labels

    def plot_rect(self) -> QRectF:
        """The area between the axes; the right margin is as wide as the longest label."""
        metrics = QFontMetricsF(font("small"))
        widest = max(
            (metrics.horizontalAdvance(f"{label.name}  {label.value}") for label in self.end_labels()), default=40
        )
        right = min(widest + 36, self.width() * 0.4)
        return QRectF(LEFT, TOP, max(self.width() - LEFT - right, 20), max(self.height() - TOP - BOTTOM, 20))

    def scales(self) -> tuple[Scale, Scale]:
        """The x and the y scale over the plot's rectangle."""
        plot = self.plot_rect()
        last = max([self._span, *(trace.xs[-1] for trace in self.traces.values() if trace.xs)], default=1.0) or 1.0
        low, high = self._range()
        return Scale(0, last, plot.left(), plot.right()), Scale(low, high, plot.bottom(), plot.top(), self.log)

    def _range(self) -> tuple[float, float]:
        floor, ceiling = self.bounds
        if self.whole and floor is not None and ceiling is not None:
            return floor, ceiling
        return roomy([value for trace in self.traces.values() for value in trace.smooth], self.bounds, self.log)

    def _colours(self) -> tuple[QColor, ...]:
        inks = ink()
        if not self.ramp:
            return inks.series
        last = max(len(self.traces) - 1, 1)
        return tuple(mix(inks.surface, inks.accent, 0.45 + 0.55 * step / last) for step in range(last + 1))

    # --- what Qt calls ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = self.scales()
        work = CurvePainter(painter, self.plot_rect(), x, y, self._colours(), ink())
        work.heading(self.title, self.hasFocus())
        if not any(trace.xs for trace in self.traces.values()):
            return work.waiting(self.waiting)
        work.grid([(tick, self.write_tick(tick)) for tick in (log_ticks if self.log else linear_ticks)(y.low, y.high)])
        work.x_axis(
            [(tick, write_number(tick)) for tick in linear_ticks(x.low, x.high, int(self.plot_rect().width() / 48))],
            self.x_label,
        )
        work.marks([(mark.x, mark.text) for mark in self.marks])
        work.lines(list(self.traces.values()))
        work.cursor(self._cursor)
        work.end_labels(self.end_labels())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, _ = self.scales()
        inside = self.plot_rect().contains(event.position())
        self._point_at(x.value(event.position().x()) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self._step(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def _step(self, direction: int) -> None:
        longest = max(self.traces.values(), key=lambda trace: len(trace.xs), default=None)
        if longest is None or not longest.xs:
            return
        at = len(longest.xs) if self._cursor is None else longest.nearest(self._cursor)
        self._point_at(longest.xs[max(0, min(at + direction, len(longest.xs) - 1))])

    def _point_at(self, x: float | None) -> None:
        longest = max((trace for trace in self.traces.values() if trace.xs), key=lambda t: len(t.xs), default=None)
        self._cursor = longest.xs[longest.nearest(x)] if longest and x is not None else None
        self._show_news()

    def _news(self) -> None:
        if not self._repaint.isActive():
            self._repaint.start()

    def _show_news(self) -> None:
        self.setAccessibleDescription(self.in_words())
        self.update()
