"""Where the cells and labels of a confusion matrix lie in its viewport."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize

from finetuner.gui.widgets.confusion_table import Cell

SMALLEST, LARGEST = 22, 132
CAPTION = 26
"""Pixels below the cells, for the sentence about one of them."""
_WIDEST_NAME, _TALLEST_NAME = 140, 120
_SPACED = 1.15  # a bold label is wider


@dataclass(frozen=True)
class ConfusionGrid:
    """`classes` rows and columns in a viewport of size `view`, moved by `scrolled`; `name` is the widest label."""

    classes: int
    view: QSize
    name: float
    scrolled: QPoint

    @cached_property
    def corner(self) -> QPointF:
        """Where the cells begin: right of the names of the rows, below those of the columns."""
        height = int(min(self.name * _SPACED, _TALLEST_NAME)) + 38 if self.tilted else 46
        return QPointF(self._label_width, height)

    @cached_property
    def tilted(self) -> bool:
        """Whether the names of the columns stand upright, as they are wider than a column."""
        return self.name + 8 > min(self._column, LARGEST)

    @cached_property
    def side(self) -> float:
        """The side of a cell: as large as fits, within limits; below the lower one the matrix scrolls."""
        row = (self.bottom - self.corner.y()) / max(self.classes, 1)
        return max(SMALLEST, min(self._column, row, LARGEST))

    @property
    def bottom(self) -> int:
        """Where the room of the cells ends."""
        return self.view.height() - CAPTION

    @property
    def room(self) -> QRectF:
        """Where cells are seen."""
        return QRectF(self.corner, QPointF(self.view.width(), self.bottom))

    def rect(self, cell: Cell) -> QRectF:
        """Where a cell lies."""
        truth, predicted = cell
        place = QPointF(predicted * self.side, truth * self.side) + self.corner - self.scrolled.toPointF()
        return QRectF(place.x(), place.y(), self.side, self.side)

    def cell_at(self, point: QPoint | QPointF) -> Cell | None:
        """The cell under a point."""
        if point.x() < self.corner.x() or point.y() < self.corner.y():
            return None
        predicted = int((point.x() - self.corner.x() + self.scrolled.x()) // self.side)
        truth = int((point.y() - self.corner.y() + self.scrolled.y()) // self.side)
        return (truth, predicted) if max(truth, predicted) < self.classes else None

    def visible(self) -> list[Cell]:
        """The cells in sight."""
        rows = self._seen(self.scrolled.y(), self.view.height() - self.corner.y())
        columns = self._seen(self.scrolled.x(), self.view.width() - self.corner.x())
        return [(truth, predicted) for truth in rows for predicted in columns]

    def overflow(self) -> tuple[int, int]:
        """How many pixels across and down do not fit."""
        across = self.side * self.classes - (self.view.width() - self._label_width)
        down = self.side * self.classes - (self.bottom - self.corner.y())
        return _beyond(across), _beyond(down)

    def to_sight(self, cell: Cell) -> QPoint:
        """By how much to scroll until the whole cell is seen."""
        place = self.rect(cell)
        across = min(place.left() - self.corner.x(), 0) + max(place.right() - self.view.width(), 0)
        down = min(place.top() - self.corner.y(), 0) + max(place.bottom() - self.bottom, 0)
        return QPoint(int(across), int(down))

    @property
    def _label_width(self) -> int:
        return int(min(self.name * _SPACED, _WIDEST_NAME)) + 36

    @property
    def _column(self) -> float:
        return (self.view.width() - self._label_width - 2) / max(self.classes, 1)

    def _seen(self, scrolled: int, room: float) -> range:
        first = int(scrolled // self.side)
        return range(first, min(self.classes, first + int(room // self.side) + 2))


def _beyond(pixels: float) -> int:
    return int(pixels) + 2 if pixels >= 1 else 0
