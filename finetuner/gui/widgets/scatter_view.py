"""Where points of a plane lie in a widget: fitted with a margin, zoomed about a place, moved."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

LARGEST_ZOOM = 60.0
Places = NDArray[np.float64]


@dataclass(frozen=True)
class ScatterView:
    """`zoom` 1 fits all points; the middle of the widget shows the fraction `x`, `y` (0..1) of their bounds."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def places(self, shares: Places, room: QRectF) -> Places:
        """n x 2 fractions of the bounds, y upwards -> pixels, y downwards."""
        across, down = room.width() * self.zoom, room.height() * self.zoom
        middle = room.center()
        return np.column_stack(
            [middle.x() + (shares[:, 0] - self.x) * across, middle.y() - (shares[:, 1] - self.y) * down]
        )

    def moved(self, by: QPointF, room: QRectF) -> "ScatterView":
        """The view after the points were dragged by so many pixels."""
        return replace(
            self, x=self.x - by.x() / (room.width() * self.zoom), y=self.y + by.y() / (room.height() * self.zoom)
        )

    def zoomed(self, factor: float, at: QPointF, room: QRectF) -> "ScatterView":
        """The view closer by `factor`, what lies at `at` staying there."""
        zoom = min(max(self.zoom * factor, 1.0), LARGEST_ZOOM)
        if zoom == 1.0:
            return ScatterView()
        off = at - room.center()
        gain = 1 / self.zoom - 1 / zoom
        return ScatterView(zoom, self.x + off.x() / room.width() * gain, self.y - off.y() / room.height() * gain)


def fractions(points: Places) -> Places:
    """n x 2 coordinates as fractions of their bounds; the middle where an axis has no extent."""
    if not len(points):
        return points
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    return np.where(extent > 0, (points - low) / np.where(extent > 0, extent, 1), 0.5)
