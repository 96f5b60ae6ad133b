"""The strokes of a trade-off chart, besides those it shares with line charts."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen, QPolygonF

from finetuner.gui.widgets.curve_painter import CurvePainter
from finetuner.gui.widgets.ink import font, mix
from finetuner.gui.widgets.strokes import LEFT_MIDDLE

_RADIUS = 5.0


@dataclass(frozen=True)
class Point:
    """A choice: its name, its cost (positive), its gain as a share, and the interval of that."""

    name: str
    cost: float
    gain: float
    low: float
    high: float


@dataclass(frozen=True)
class TradeOffPainter(CurvePainter):
    """Paints one chart into `plot` and its margins."""

    def cost_axis(self, ticks: list[tuple[float, str]], label: str) -> None:
        """The base line with its values, and the axis's name under its right end."""
        self.x_axis(ticks, "")
        place = QRectF(self.plot.left(), self.plot.bottom() + 22, self.plot.width(), 18)
        self._text(place, label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.ink.muted)

    def frontier(self, points: list[Point]) -> None:
        """A line through the points that nothing beats."""
        self.painter.setPen(QPen(mix(self.ink.surface, self.ink.accent, 0.55), 2))
        self.painter.drawPolyline(QPolygonF([self._place(point) for point in points]))

    def point(self, point: Point, strong: bool, selected: bool) -> None:
        """A dot with the interval of its gain; a ring around the selected one."""
        colour = self.ink.accent if strong else self.ink.faint
        x = self.x.at(point.cost)
        faint = QPen(mix(self.ink.surface, colour, 0.6), 1.5)
        self._line(QPointF(x, self.y.at(point.low)), QPointF(x, self.y.at(point.high)), faint)
        if selected:
            self._disc(point, _RADIUS + 4, mix(self.ink.surface, colour, 0.35))
        self._disc(point, _RADIUS, colour)

    def names(self, points: list[Point]) -> None:
        """Beside each point its name, on a ground of its own; one that finds no free place is left out."""
        taken: list[QRectF] = []
        for point in points:
            ground = next((place for place in self._places(point) if not any(map(place.intersects, taken))), None)
            if ground is not None:
                taken.append(ground)
                self.painter.fillRect(ground, mix(self.ink.surface, self.ink.sunken, 0.5))
                self._text(ground.adjusted(4, 0, 0, 0), point.name, LEFT_MIDDLE, self.ink.text)

    def _places(self, point: Point) -> list[QRectF]:
        """Above or below, right or left of the point, as far as they lie within the chart."""
        metrics, at = QFontMetricsF(font("small")), self._place(point)
        width, height = metrics.horizontalAdvance(point.name) + 8, metrics.height() + 2
        heights = (at.y() - height - 4, at.y() + 4, at.y() + 4 + height, at.y() - 2 * height - 4)
        corners = [(x, y) for y in heights for x in (at.x() + 8, at.x() - 8 - width)]
        inside = self.plot.adjusted(-4, -10, 20, 0)
        places = [QRectF(x, y, width, height) for x, y in corners]
        return [place for place in places if inside.contains(place)]

    def _disc(self, point: Point, radius: float, colour: QColor) -> None:
        self.painter.setPen(QPen(self.ink.surface, 1.5))
        self.painter.setBrush(colour)
        self.painter.drawEllipse(self._place(point), radius, radius)

    def _place(self, point: Point) -> QPointF:
        return QPointF(self.x.at(point.cost), self.y.at(point.gain))
