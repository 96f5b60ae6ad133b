"""The strokes of a line chart. What to draw is `curves.Curves`'s business."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from finetuner.gui.widgets.ink import Ink, font, mix
from finetuner.gui.widgets.scales import Scale, spread
from finetuner.gui.widgets.strokes import LEFT_MIDDLE, RIGHT_MIDDLE
from finetuner.gui.widgets.trace import Trace, peaks


@dataclass(frozen=True)
class EndLabel:
    """What stands at the end of a line: its name and value, where that is, and its colour's number."""

    name: str
    value: str
    x: float
    y: float
    number: int


@dataclass(frozen=True)
class CurvePainter:
    """Paints one chart into `plot` and its margins."""

    painter: QPainter
    plot: QRectF
    x: Scale
    y: Scale
    colours: tuple[QColor, ...]
    ink: Ink

    def heading(self, title: str, focused: bool) -> None:
        """The chart's title; underlined by the accent while the keyboard is here."""
        face = font("body", bold=True)
        self._text(QRectF(0, 2, self.plot.right(), 22), title, LEFT_MIDDLE, self.ink.text, face)
        if focused:
            width = QFontMetricsF(face).horizontalAdvance(title)
            self.painter.fillRect(QRectF(0, 24, width, 2), self.ink.accent)

    def waiting(self, sentence: str) -> None:
        """What stands in an empty chart."""
        whole = QRectF(0, self.plot.top(), self.painter.device().width(), self.plot.height())
        self._text(whole, sentence, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.ink.faint)

    def grid(self, ticks: list[tuple[float, str]]) -> None:
        """Horizontal lines with their values."""
        for value, text in ticks:
            y = round(self.y.at(value)) + 0.5
            self._line(QPointF(self.plot.left(), y), QPointF(self.plot.right(), y), QPen(self.ink.line, 1))
            self._text(QRectF(0, y - 9, self.plot.left() - 8, 18), text, RIGHT_MIDDLE, self.ink.muted)

    def x_axis(self, ticks: list[tuple[float, str]], label: str) -> None:
        """The base line, its values, and the axis's name at its right end."""
        base = round(self.plot.bottom()) + 0.5
        self._line(QPointF(self.plot.left(), base), QPointF(self.plot.right(), base), QPen(self.ink.faint, 1))
        for value, text in ticks:
            place = QRectF(self.x.at(value) - 30, base + 4, 60, 18)
            self._text(place, text, Qt.AlignmentFlag.AlignCenter, self.ink.muted)
        beside = QRectF(self.plot.right() + 12, base - 9, 120, 18)
        self._text(beside.translated(8, 13), label, LEFT_MIDDLE, self.ink.muted)

    def marks(self, marks: list[tuple[float, str]]) -> None:
        """Phase marks; where a name would run into the next mark, its number stands for it."""
        places = [self.x.at(x) for x, _ in marks] + [self.plot.right()]
        metrics = QFontMetricsF(font("small"))
        for number, ((_, text), place) in enumerate(zip(marks, places, strict=False), 1):
            x, room = round(place) + 0.5, places[number] - place - 8
            pen = QPen(self.ink.faint, 1, Qt.PenStyle.DotLine)
            self._line(QPointF(x, self.plot.top()), QPointF(x, self.plot.bottom()), pen)
            words = text if metrics.horizontalAdvance(text) <= room else f"{number}"
            self._text(QRectF(x + 5, self.plot.top() - 10, 400, 16), words, LEFT_MIDDLE, self.ink.faint)

    def lines(self, traces: list[Trace]) -> None:
        """All lines: raw and faint first, so that no smoothed line lies under noise."""
        self.painter.save()
        self.painter.setClipRect(self.plot.adjusted(-4, -4, 4, 4))
        for number, trace in enumerate(traces):
            if trace.smoothing and trace.xs:
                self._polyline(trace.xs, trace.ys, QPen(mix(self.ink.surface, self.colour(number), 0.3), 1))
        for number, trace in enumerate(traces):
            if trace.xs:
                self._polyline(trace.xs, trace.smooth, QPen(self.colour(number), 2))
        self.painter.restore()

    def cursor(self, x: float | None) -> None:
        """The line along which values are read, with its x beneath."""
        if x is None:
            return
        place = round(self.x.at(x)) + 0.5
        self._line(QPointF(place, self.plot.top()), QPointF(place, self.plot.bottom()), QPen(self.ink.muted, 1))

    def end_labels(self, labels: list[EndLabel]) -> None:
        """A dot on each line, and beside the plot its name and value in the line's colour, none over another."""
        merged = sorted(_merged(labels, self.y), key=lambda label: self.y.at(label.y))
        metrics = QFontMetricsF(font("small"))
        height, room = metrics.height(), self.painter.device().width() - self.plot.right() - 12
        merged = _thinned(merged, int((self.plot.height() - 6) // height) + 1)
        wanted = [self.y.at(label.y) for label in merged]
        for label, y in zip(merged, spread(wanted, height, self.plot.top(), self.plot.bottom() - 6), strict=True):
            value = f"  {label.value}"
            name = metrics.elidedText(label.name, Qt.TextElideMode.ElideRight, room - metrics.horizontalAdvance(value))
            place = QRectF(self.plot.right() + 12, y - height / 2, room, height)
            self._text(place, name + value, LEFT_MIDDLE, self.colour(label.number))
        for label in labels:
            self._dot(QPointF(self.x.at(label.x), self.y.at(label.y)), self.colour(label.number))

    def colour(self, number: int) -> QColor:
        """The colour of line `number`; they repeat when there are many."""
        return self.colours[number % len(self.colours)]

    def _dot(self, at: QPointF, colour: QColor) -> None:
        self.painter.setPen(QPen(self.ink.surface, 1.5))
        self.painter.setBrush(colour)
        self.painter.drawEllipse(at, 4, 4)

    def _polyline(self, xs: list[float], ys: list[float], pen: QPen) -> None:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.drawPolyline(QPolygonF([QPointF(self.x.at(xs[i]), self.y.at(ys[i])) for i in peaks(ys)]))

    def _line(self, start: QPointF, end: QPointF, pen: QPen) -> None:
        self.painter.setPen(pen)
        self.painter.drawLine(start, end)

    def _text(self, place: QRectF, text: str, flags: int, colour: QColor, face: QFont | None = None) -> None:
        self.painter.setFont(face or font("small"))
        self.painter.setPen(colour)
        self.painter.drawText(place, flags, text)


def _thinned(labels: list[EndLabel], most: int) -> list[EndLabel]:
    stride = -(-len(labels) // max(most, 1))
    return labels[::stride]


def _merged(labels: list[EndLabel], y: Scale) -> list[EndLabel]:
    """Lines that lie on one another share a label: `stem +6`."""
    alike: dict[tuple[int, str], list[EndLabel]] = {}
    for label in labels:
        alike.setdefault((round(y.at(label.y)), label.value), []).append(label)
    return [_shared(group) for group in alike.values()]


def _shared(group: list[EndLabel]) -> EndLabel:
    first, last = group[0], group[-1]
    name = f"{first.name} +{len(group) - 1}" if len(group) > 1 else first.name
    return EndLabel(name, last.value, last.x, last.y, last.number)
