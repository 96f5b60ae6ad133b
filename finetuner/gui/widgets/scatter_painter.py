"""The strokes of a scatter plot. What to draw is `scatter.Scatter`'s business."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from finetuner.gui import theme
from finetuner.gui.widgets.ink import font, ink, mix
from finetuner.gui.widgets.strokes import elided

if TYPE_CHECKING:
    from finetuner.gui.widgets.scatter import Dot
    from finetuner.gui.widgets.scatter_view import Places

STRONG, WEAK, RING = 7.0, 4.5, 4.0
MOST_NAMED = 12


@dataclass(frozen=True)
class ScatterPainter:
    """Paints into `room`; groups take the named `colours` of the theme, or its series in turn and their names."""

    painter: QPainter
    room: QRectF
    groups: Sequence[str]
    colours: Sequence[str]

    def waiting(self, sentence: str) -> None:
        """What stands in an empty map."""
        self.painter.setFont(font())
        self.painter.setPen(ink().muted)
        place = self.room.adjusted(24, 24, -24, -24)
        self.painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, sentence)

    def dots(self, dots: Sequence[Dot], places: Places, selected: Collection[int]) -> None:
        """All dots, the weak ones first; a ring around those that are selected, a cross over those that are gone."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kinds = np.array([(dot.group, dot.strong) for dot in dots])
        for strong in (False, True):
            for group in range(len(self.groups)):
                rows = np.flatnonzero((kinds[:, 0] == group) & (kinds[:, 1] == strong))
                self._points(places[rows], STRONG if strong else WEAK, self._shade(group, strong))
        self._rings(places[sorted(selected)])
        self._crosses(places[[row for row, dot in enumerate(dots) if dot.gone]])
        if not self.colours:
            self._names(kinds[:, 0], places)

    def lasso(self, outline: Sequence[QPointF]) -> None:
        """The line that is being drawn, closed."""
        if len(outline) < 2:
            return
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(QPen(ink().accent, 1.5, Qt.PenStyle.DashLine))
        self.painter.setBrush(theme.colour("accent", 0.1))
        self.painter.drawPolygon(QPolygonF(list(outline)))

    def current(self, at: QPointF) -> None:
        """The dot under the pointer."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(QPen(ink().text, 2))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawEllipse(at, RING + 3, RING + 3)

    def card(self, at: QPointF, caption: str, picture: QImage | None, side: int) -> None:
        """Its picture and caption, beside it and within the room."""
        inks = ink()
        size = _fitted(picture, side)
        self.painter.setFont(font("small"))
        width = max(size.width(), min(QFontMetricsF(self.painter.font()).horizontalAdvance(caption), 220.0)) + 12
        place = self._beside(at, QSizeF(width, size.height() + 34))
        path = QPainterPath()
        path.addRoundedRect(place, 6, 6)
        self.painter.fillPath(path, inks.surface)
        self.painter.setPen(QPen(inks.line, 1))
        self.painter.drawPath(path)
        if picture is not None and not picture.isNull():
            self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self.painter.drawImage(QRectF(place.topLeft() + QPointF(6, 6), size), picture)
        self.painter.setPen(inks.text)
        elided(self.painter, QRectF(place.left() + 6, place.bottom() - 24, width - 12, 20), caption)

    def focus(self) -> None:
        """The keyboard is here."""
        self.painter.setPen(QPen(ink().accent, 1.5))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(self.room.adjusted(1, 1, -1, -1), 6, 6)

    def _shade(self, group: int, strong: bool) -> QColor:
        inks = ink()
        colour = theme.colour(self.colours[group]) if self.colours else inks.series[group % len(inks.series)]
        return colour if strong else mix(inks.surface, colour, 0.45)

    def _points(self, places: Places, width: float, colour: QColor) -> None:
        """One dot is painted, then stamped everywhere: to stroke each takes longer."""
        stamp = self._stamp(width, colour)
        corner = stamp.deviceIndependentSize().width() / 2
        for x, y in (places - corner).tolist():
            self.painter.drawPixmap(QPointF(x, y), stamp)

    def _stamp(self, width: float, colour: QColor) -> QPixmap:
        ratio = self.painter.device().devicePixelRatioF()
        side = width + 2
        stamp = QPixmap(QSizeF(side * ratio, side * ratio).toSize())
        stamp.setDevicePixelRatio(ratio)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(side / 2, side / 2), width / 2, width / 2)
        painter.end()
        return stamp

    def _rings(self, places: Places) -> None:
        self.painter.setPen(QPen(ink().text, 1.5))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for x, y in places.tolist():
            self.painter.drawEllipse(QPointF(x, y), RING, RING)

    def _crosses(self, places: Places) -> None:
        self.painter.setPen(QPen(ink().text, 1.5))
        for x, y in places.tolist():
            for rise in (-4, 4):
                self.painter.drawLine(QPointF(x - 4, y - rise), QPointF(x + 4, y + rise))

    def _names(self, groups: Places, places: Places) -> None:
        """Each group's name where the middle of its dots is."""
        self.painter.setFont(font("small", bold=True))
        metrics = QFontMetricsF(self.painter.font())
        for group, name in enumerate(self.groups[:MOST_NAMED]):
            own = places[groups == group]
            if not len(own):
                continue
            x, y = np.median(own, axis=0).tolist()
            width = metrics.horizontalAdvance(name) + 12
            place = QRectF(x - width / 2, y - 10, width, 20)
            self.painter.setPen(Qt.PenStyle.NoPen)
            self.painter.setBrush(theme.colour("surface", 0.85))
            self.painter.drawRoundedRect(place, 5, 5)
            self.painter.setPen(self._shade(group, True))
            self.painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)

    def _beside(self, at: QPointF, size: QSizeF) -> QRectF:
        x = at.x() + 12 if at.x() + 12 + size.width() <= self.room.right() else at.x() - 12 - size.width()
        y = min(max(at.y() - size.height() / 2, 2.0), max(self.room.bottom() - size.height() - 2, 2.0))
        return QRectF(QPointF(max(x, 2.0), y), size)


def _fitted(picture: QImage | None, side: int) -> QSizeF:
    if picture is None or picture.isNull():
        return QSizeF(side, side * 0.75)
    return QSizeF(picture.size()).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
