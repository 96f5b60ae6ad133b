"""A table to search and sort: rows are plain values, columns say how to read them."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.ink import font
from finetuner.gui.widgets.rows_model import Column, RowsModel
from finetuner.gui.widgets.words_filter import WordsFilter

# left and right of a cell's text together, as the style sheet has them, and a little for the mark of a sorted column
PADDING = 28
NAME = 220
"""Pixels, in which most names can be told apart: what the column that stretches keeps, as long as others give way."""


class SearchTable(QWidget):
    """A search line over a table. `chosen(row)` as the selection moves, `activated(row)` on Enter or double click.

    `said(row)` is what the search looks in; default: what the columns show.
    """

    chosen = Signal(object)
    activated = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column],
        prompt: str,
        parent: QWidget | None = None,
        said: Callable[[Any], str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = RowsModel(columns, self)
        self.filter = WordsFilter(self.model, said or _shown_by(columns))
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
        self._make_room()

    def change(self, changed: Callable[[Any], Any]) -> None:
        """Put `changed(row)` in the place of each row; the selection stays, the order follows."""
        self.model.change(changed)

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
        self.filter.only(wanted)
        self._count()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow table some columns give way to the names."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        columns = self.model.columns
        giving = [number for number, column in enumerate(columns) if column.gives_way]
        if not giving:
            return
        widths = {number: self._wanted(number) for number, column in enumerate(columns) if not column.stretch}
        left = self.width() - sum(widths.values())
        for number in sorted(giving, key=lambda number: columns[number].gives_way):
            self.table.setColumnHidden(number, left < NAME)
            left += widths[number] if left < NAME else 0

    def _wanted(self, number: int) -> int:
        """How wide a column is, or would be."""
        if self.model.columns[number].widest:
            return _room_for(self.model.columns[number])
        return max(self.table.sizeHintForColumn(number), self.table.horizontalHeader().sectionSizeHint(number))

    def _search(self, text: str) -> None:
        self.filter.search(text)
        self._count()

    def _count(self) -> None:
        shown, all_rows = self.filter.rowCount(), len(self.model.rows)
        self.count.setText(f"{shown:,}" if shown == all_rows else f"{shown:,} of {all_rows:,}")

    def _tell(self, signal: Any, index: QModelIndex) -> None:
        if index.isValid():
            signal.emit(self.model.rows[self.filter.mapToSource(index).row()])


def _shown_by(columns: Sequence[Column]) -> Callable[[Any], str]:
    return lambda row: " ".join(column.text(row) for column in columns)


def _plain_table(model: WordsFilter, columns: Sequence[Column], name: str) -> QTableView:
    table = QTableView()
    table.setAccessibleName(name)
    table.setModel(model)
    table.setSortingEnabled(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.ROW)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    for number, column in enumerate(columns):
        _size(header, number, column)
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    return table


def _size(header: QHeaderView, number: int, column: Column) -> None:
    """Fixed where the column says so: to find the widest of thousands of rows takes longer than to show them."""
    if column.stretch:
        header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
    elif column.widest:
        header.setSectionResizeMode(number, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(number, _room_for(column))
    else:
        header.setSectionResizeMode(number, QHeaderView.ResizeMode.ResizeToContents)


def _room_for(column: Column) -> int:
    return max(text_width(column.widest), text_width(column.title, "small")) + PADDING


def text_width(text: str, role: str = "body") -> int:
    """In pixels."""
    return QFontMetrics(font(role)).horizontalAdvance(text)
