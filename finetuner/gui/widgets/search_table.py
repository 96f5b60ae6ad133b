"""A table to search and sort: rows are plain values, columns say how to read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.ink import font

Index = QModelIndex | QPersistentModelIndex
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Column:
    """`text` writes a row's value, `key` sorts by it (default: the text); numbers stand right."""

    title: str
    text: Callable[[Any], str]
    key: Callable[[Any], Any] | None = None
    number: bool = False
    stretch: bool = False


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
                return (column.key or column.text)(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return NUMBER if column.number else TEXT
            case Qt.ItemDataRole.FontRole:
                return self._font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return (NUMBER if self.columns[section].number else TEXT) if role == Qt.ItemDataRole.TextAlignmentRole else None


class WordsFilter(QSortFilterProxyModel):
    """Keeps rows that contain every word, in any column; sorts by the columns' keys."""

    def __init__(self, rows: RowsModel) -> None:
        super().__init__(rows)
        self.words: list[str] = []
        self.keep: Callable[[Any], bool] = lambda row: True
        self.setSourceModel(rows)
        self._rows = rows

    def search(self, text: str) -> None:
        """Keep the rows with all these words."""
        self.words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._rows.rows[source_row]
        if not self.keep(row):
            return False
        line = " ".join(column.text(row) for column in self._rows.columns).casefold()
        return all(word in line for word in self.words)

    def lessThan(self, left: Index, right: Index) -> bool:
        key = self._rows.columns[left.column()].key or self._rows.columns[left.column()].text
        return key(self._rows.rows[left.row()]) < key(self._rows.rows[right.row()])


class SearchTable(QWidget):
    """A search line over a table. `chosen(row)` as the selection moves, `activated(row)` on Enter or double click."""

    chosen = Signal(object)
    activated = Signal(object)

    def __init__(self, columns: Sequence[Column], prompt: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RowsModel(columns, self)
        self.filter = WordsFilter(self.model)
        self.line = QLineEdit(placeholderText=prompt, clearButtonEnabled=True)
        self.line.setAccessibleName(prompt)
        self.line.textChanged.connect(self._search)
        self.table = _plain_table(self.filter, columns, prompt)
        self.table.selectionModel().currentRowChanged.connect(lambda index: self._tell(self.chosen, index))
        self.table.activated.connect(lambda index: self._tell(self.activated, index))
        self.count = theme.label("", "small")
        QShortcut(QKeySequence.StandardKey.Find, self, self.line.setFocus)
        self._top = QHBoxLayout()
        self._top.setSpacing(theme.GAP)
        self._top.addWidget(self.line, 1)
        self._top.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(self._top)
        layout.addWidget(self.table)

    def add_beside_search(self, widget: QWidget) -> None:
        """Put a widget between the search line and the count."""
        self._top.insertWidget(1, widget)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows, searched and sorted as before."""
        self.model.replace(rows)
        self._count()

    def choose(self, wanted: Callable[[Any], bool]) -> bool:
        """Select the first row that is wanted; False when none of them is shown."""
        for row in range(self.filter.rowCount()):
            index = self.filter.index(row, 0)
            if wanted(self.model.rows[self.filter.mapToSource(index).row()]):
                self.table.selectRow(row)
                self.table.scrollTo(index)
                return True
        return False

    def keep(self, wanted: Callable[[Any], bool]) -> None:
        """Show only rows that are wanted, besides the search."""
        self.filter.keep = wanted
        self.filter.invalidate()
        self._count()

    def _search(self, text: str) -> None:
        self.filter.search(text)
        self._count()

    def _count(self) -> None:
        shown, all_rows = self.filter.rowCount(), len(self.model.rows)
        self.count.setText(f"{shown:,}" if shown == all_rows else f"{shown:,} of {all_rows:,}")

    def _tell(self, signal: Any, index: QModelIndex) -> None:
        if index.isValid():
            signal.emit(self.model.rows[self.filter.mapToSource(index).row()])


def _plain_table(model: WordsFilter, columns: Sequence[Column], name: str) -> QTableView:
    table = QTableView()
    table.setAccessibleName(name)
    table.setModel(model)
    table.setSortingEnabled(True)
    table.setShowGrid(False)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.ROW)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    for number, column in enumerate(columns):
        header.setSectionResizeMode(number, _resize_mode(column))
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    return table


def _resize_mode(column: Column) -> QHeaderView.ResizeMode:
    return QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.ResizeToContents
