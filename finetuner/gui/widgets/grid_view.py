"""An item view of equal cells, row after row. Its geometry is arithmetic, so 60,000 items cost what 60 do.

QListView places every item on each layout: 0.4 s at 60,000 items, again on every resize and insertion.
"""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

Index = QModelIndex | QPersistentModelIndex
Move = QAbstractItemView.CursorAction


class GridView(QAbstractItemView):
    """Cells of at least `cell_size()`, spread evenly over the width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def cell_size(self) -> QSize:
        """The smallest size of a cell."""
        return QSize(128, 128)

    def room(self) -> int:
        """The width for cells. The scroll bar's is never part of it: else a bar could make itself needless."""
        return max(1, self.width() - self.verticalScrollBar().sizeHint().width())

    def columns(self) -> int:
        """How many cells stand side by side."""
        return max(1, self.room() // self.cell_size().width())

    def line_height(self) -> int:
        """The height of a row of cells."""
        return self.cell_size().height()

    def count(self) -> int:
        """How many items there are."""
        return self.model().rowCount() if self.model() else 0

    def visible_rows(self, region: QRect) -> range:
        """The items that may be seen in a part of the viewport."""
        height, columns = self.line_height(), self.columns()
        first = (region.top() + self.verticalOffset()) // height * columns
        last = ((region.bottom() + self.verticalOffset()) // height + 1) * columns
        return range(max(first, 0), min(last, self.count()))

    # --- what an item view must answer ------------------------------------------------------------------------

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid():
            return QRect()
        line, column = divmod(index.row(), self.columns())
        width, height = self.room() / self.columns(), self.line_height()
        left, right = int(column * width), int((column + 1) * width)
        return QRect(left, line * height - self.verticalOffset(), right - left, height)

    def indexAt(self, point: QPoint) -> QModelIndex:
        column = min(int(point.x() * self.columns() / self.room()), self.columns() - 1)
        row = (point.y() + self.verticalOffset()) // self.line_height() * self.columns() + column
        return self.model().index(row, 0) if 0 <= row < self.count() else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        place, bar = self.visualRect(index), self.verticalScrollBar()
        if place.top() < 0:
            bar.setValue(bar.value() + place.top())
        elif place.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + place.bottom() + 1 - self.viewport().height())
        self.viewport().update()

    def moveCursor(self, action: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        page = max(1, self.viewport().height() // self.line_height()) * self.columns()
        steps = {
            Move.MoveLeft: -1,
            Move.MovePrevious: -1,
            Move.MoveRight: 1,
            Move.MoveNext: 1,
            Move.MoveUp: -self.columns(),
            Move.MoveDown: self.columns(),
            Move.MovePageUp: -page,
            Move.MovePageDown: page,
            Move.MoveHome: -self.count(),
            Move.MoveEnd: self.count(),
        }
        here = self.currentIndex().row() if self.currentIndex().isValid() else 0
        return self.model().index(max(0, min(here + steps[action], self.count() - 1)), 0)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        chosen = [
            row for row in self.visible_rows(rect) if self.visualRect(self.model().index(row, 0)).intersects(rect)
        ]
        if command & QItemSelectionModel.SelectionFlag.Current and len(chosen) > 1:
            chosen = list(range(chosen[0], chosen[-1] + 1))
        selection = QItemSelection()
        for row in chosen:
            selection.select(self.model().index(row, 0), self.model().index(row, 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def updateGeometries(self) -> None:
        height, bar = self.line_height(), self.verticalScrollBar()
        lines = -(-self.count() // self.columns())
        bar.setRange(0, max(0, lines * height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(height // 3)
        super().updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometries()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self.updateGeometries()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QPainter(self.viewport()), QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = option.state
        for row in self.visible_rows(event.rect()):
            index = self.model().index(row, 0)
            option.rect = self.visualRect(index)
            selected = self.selectionModel().isSelected(index)
            option.state = plain | QStyle.StateFlag.State_Selected if selected else plain
            self.itemDelegate().paint(painter, option, index)
