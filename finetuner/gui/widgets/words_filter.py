"""The rows of a table that contain every word of a search, sorted by any column."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSortFilterProxyModel, Qt

from finetuner.gui.widgets.rows_model import Index, RowsModel


class WordsFilter(QSortFilterProxyModel):
    """Keeps rows that contain every word, in `said(row)`; sorts by the columns' keys, blanks last."""

    def __init__(self, rows: RowsModel, said: Callable[[Any], str]) -> None:
        super().__init__(rows)
        self.words: list[str] = []
        self._said = said
        self._wanted: Callable[[Any], bool] = lambda row: True
        self.setSourceModel(rows)
        self._rows = rows

    def search(self, text: str) -> None:
        """Keep the rows with all these words."""
        self.beginFilterChange()
        self.words = text.casefold().split()
        self.endFilterChange(self.Direction.Rows)

    def only(self, wanted: Callable[[Any], bool]) -> None:
        """Keep the rows that are wanted, of those with the words."""
        self.beginFilterChange()
        self._wanted = wanted
        self.endFilterChange(self.Direction.Rows)

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._rows.rows[source_row]
        if not self._wanted(row):
            return False
        if not self.words:
            return True
        line = self._said(row).casefold()
        return all(word in line for word in self.words)

    def lessThan(self, left: Index, right: Index) -> bool:
        key = self._rows.columns[left.column()].sort_key
        one, other = key(self._rows.rows[left.row()]), key(self._rows.rows[right.row()])
        if one is None or other is None:
            blank_last = other if self.sortOrder() == Qt.SortOrder.AscendingOrder else one
            return blank_last is None and one is not other
        return bool(one < other)
