"""A plan as a table model: rows are phases, columns are blocks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from finetuner.gui.widgets.ticks import write_rate

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class PlanRow:
    """A phase: its title, when it runs in words, and one learning rate per block (None: frozen).

    `instead` stands in the cells in place of a rate that is not used.
    """

    title: str
    when: str
    rates: tuple[float | None, ...]
    instead: str = ""


class PlanModel(QAbstractTableModel):
    """Rows are phases, columns are blocks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.blocks: tuple[str, ...] = ()
        self.sizes: tuple[int, ...] = ()
        self.rows: tuple[PlanRow, ...] = ()
        self.current: int | None = None

    def show(self, blocks: Sequence[str], sizes: Sequence[int], rows: Sequence[PlanRow]) -> None:
        """Replace the whole plan."""
        self.beginResetModel()
        self.blocks, self.sizes, self.rows, self.current = tuple(blocks), tuple(sizes), tuple(rows), None
        self.endResetModel()

    def light(self, row: int | None) -> None:
        """Name the phase that runs now."""
        self.current = row
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.blocks) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self.rows) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.blocks)

    def rate(self, index: Index) -> float | None:
        """The learning rate of a cell."""
        return self.rows[index.row()].rates[index.column()]

    def words(self, index: Index) -> str:
        """What a cell that is not frozen says."""
        return self.rows[index.row()].instead or write_rate(self.rate(index) or 0.0)

    def share(self, rate: float) -> float:
        """Where a rate lies between the smallest (0) and the largest (1) of the plan, on a logarithmic scale."""
        rates = [rate for row in self.rows for rate in row.rates if rate]
        low, high = math.log(min(rates)), math.log(max(rates))
        return (math.log(rate) - low) / (high - low) if high > low else 1.0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        rate = self.rate(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return "frozen" if rate is None else self.words(index)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._sentence(index, rate)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.blocks[section] if orientation == Qt.Orientation.Horizontal else self._phase(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            across = orientation == Qt.Orientation.Horizontal
            return f"{self.blocks[section]}: {self.sizes[section]:,} parameters" if across else self._phase(section)
        return None

    def _phase(self, row: int) -> str:
        return f"{self.rows[row].title}\n{self.rows[row].when}"

    def _sentence(self, index: Index, rate: float | None) -> str:
        row, block = self.rows[index.row()], self.blocks[index.column()]
        state = "frozen" if rate is None else row.instead or f"learning rate {write_rate(rate)}"
        return f"{row.title}, {row.when}: {block} {state}"
