"""A table of plain values: columns say how to read a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.ink import font

Index = QModelIndex | QPersistentModelIndex
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Column:
    """`text` writes a row's value, `key` sorts by it (default: the text); numbers stand right.

    A key of None is a blank: it comes last, whichever way the column is sorted. `tip` explains the title;
    `symbol` names an icon for a row's cell, or nothing. `widest` is a text that the column has room for, whatever
    the rows hold (longer ones are cut, and a tip shows them whole); default: as wide as the rows need.
    In a narrow table those with a `gives_way` are hidden, lowest number first, for the one that stretches.
    """

    title: str
    text: Callable[[Any], str]
    key: Callable[[Any], Any] | None = None
    number: bool = False
    stretch: bool = False
    tip: str = ""
    symbol: Callable[[Any], str] | None = None
    widest: str = ""
    gives_way: int = 0

    @property
    def sort_key(self) -> Callable[[Any], Any]:
        """What rows are compared by."""
        return self.key or self.text


class RowsModel(QAbstractTableModel):
    """Any values as rows."""

    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[Any] = []
        self._font = font()

    def replace(self, rows: Sequence[Any]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def change(self, changed: Callable[[Any], Any]) -> None:
        """Put `changed(row)` in the place of each row for which it is another one."""
        for number, row in enumerate(self.rows):
            if (new := changed(row)) is not row:
                self.rows[number] = new
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return column.text(row)
            case Qt.ItemDataRole.UserRole:
                return column.sort_key(row)
            case Qt.ItemDataRole.DecorationRole:
                symbol = column.symbol(row) if column.symbol else ""
                return theme.icon(symbol, "warning") if symbol else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return NUMBER if column.number else TEXT
            case Qt.ItemDataRole.FontRole:
                return self._font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip or column.title
            case Qt.ItemDataRole.TextAlignmentRole:
                return NUMBER if column.number else TEXT
        return None
