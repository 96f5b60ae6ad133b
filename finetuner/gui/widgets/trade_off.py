"""What is gained against what it costs: named points with intervals, and the line of those that nothing beats."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import ink
from finetuner.gui.widgets.scales import Scale, roomy
from finetuner.gui.widgets.ticks import decades, linear_ticks, write_number, write_percent, write_percent_tick
from finetuner.gui.widgets.trade_off_painter import Point, TradeOffPainter

__all__ = ["Point", "TradeOff"]

TOP, BOTTOM, LEFT, RIGHT = 34, 44, 52, 24
_REACH = 18.0  # pixels from a point within which the mouse means it


class TradeOff(QWidget):
    """Cost on a logarithmic axis, gain upwards. `chosen` carries the name of the point that was picked."""

    chosen = Signal(str)

    def __init__(self, title: str, cost_label: str, waiting: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.cost_label, self.waiting = title, cost_label, waiting
        self.points: tuple[Point, ...] = ()
        self.frontier: tuple[str, ...] = ()
        self.selected = ""
        self._pointed = ""
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_points(self, points: Sequence[Point], frontier: Sequence[str], selected: str = "") -> None:
        """Show these; `frontier` names the unbeaten ones in order of cost."""
        self.points, self.frontier, self.selected = tuple(points), tuple(frontier), selected
        self.setAccessibleDescription(self.in_words())
        self.update()

    def in_words(self) -> str:
        """Every point, cheapest first."""
        ordered = sorted(self.points, key=lambda point: point.cost)
        return ", ".join(self.describe(point) for point in ordered) or self.waiting

    def describe(self, point: Point) -> str:
        """Name, gain and cost."""
        return f"{point.name} {write_percent(point.gain)}, {write_number(point.cost)} {self.cost_label}"

    # --- geometry ---------------------------------------------------------------------------------------------

    def plot_rect(self) -> QRectF:
        """The area between the axes."""
        return QRectF(LEFT, TOP, max(self.width() - LEFT - RIGHT, 20), max(self.height() - TOP - BOTTOM, 20))

    def scales(self) -> tuple[Scale, Scale]:
        """Cost and gain over the plot's rectangle."""
        plot = self.plot_rect()
        cheapest, dearest = roomy([point.cost for point in self.points], (None, None), log=True)
        ends = [end for point in self.points for end in (point.low, point.high)]
        low, high = roomy(ends, (0.0, 1.0), log=False)
        return Scale(cheapest, dearest, plot.left(), plot.right(), log=True), Scale(
            low, high, plot.bottom(), plot.top()
        )

    def place(self, point: Point) -> QPointF:
        """Where a point is painted."""
        x, y = self.scales()
        return QPointF(x.at(point.cost), y.at(point.gain))

    # --- what Qt calls ----------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(460, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 170)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = self.scales()
        work = TradeOffPainter(painter, self.plot_rect(), x, y, ink().series, ink())
        work.heading(self.title, self.hasFocus())
        if not self.points:
            return work.waiting(self.waiting)
        work.grid([(tick, write_percent_tick(tick)) for tick in linear_ticks(y.low, y.high)])
        work.cost_axis([(tick, write_number(tick)) for tick in decades(x.low, x.high)], self.cost_label)
        named = {point.name: point for point in self.points}
        work.frontier([named[name] for name in self.frontier if name in named])
        for point in self.points:
            work.point(point, strong=point.name in self.frontier, selected=point.name == self.selected)
        work.names([named[name] for name in self._named() if name in named])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._nearest(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._nearest(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and self.points:
            self._step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _named(self) -> list[str]:
        """Whose name is written, the most wanted first: under the mouse, selected, unbeaten."""
        return list(dict.fromkeys([self._pointed, self.selected, *self.frontier]))

    def _nearest(self, at: QPointF) -> str:
        distances = {point.name: (self.place(point) - at).manhattanLength() for point in self.points}
        name = min(distances, key=lambda name: distances[name], default="")
        return name if distances.get(name, _REACH) < _REACH else ""

    def _step(self, direction: int) -> None:
        names = [point.name for point in sorted(self.points, key=lambda point: point.cost)]
        at = names.index(self.selected) + direction if self.selected in names else 0
        self._choose(names[max(0, min(at, len(names) - 1))])

    def _choose(self, name: str) -> None:
        if name:
            self.selected = name
            self.update()
            self.chosen.emit(name)

    def _point_at(self, name: str) -> None:
        if name != self._pointed:
            self._pointed = name
            self.setCursor(Qt.CursorShape.PointingHandCursor if name else Qt.CursorShape.ArrowCursor)
            self.update()
