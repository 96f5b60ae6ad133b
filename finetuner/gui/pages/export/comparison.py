"""A smaller file beside the full one, in figures, so that the choice is an informed one."""

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from finetuner.engine.events import FileFigures
from finetuner.gui import theme
from finetuner.gui.pages.export import formats


class Comparison(QWidget):
    """`show_rows(rows)`: a line for each file; hidden where there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._rows: list[list[QLabel]] = []
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GRID * 3)
        self._grid.setVerticalSpacing(theme.HALF)
        self._grid.setColumnStretch(0, 1)
        self.hide()

    @property
    def texts(self) -> list[list[str]]:
        """What stands in the table, heading included."""
        return [[cell.text() for cell in row] for row in self._rows]

    def show_rows(self, rows: Sequence[FileFigures]) -> None:
        """Show these files, one below the other."""
        for cell in chain.from_iterable(self._rows):
            self._grid.removeWidget(cell)
            cell.deleteLater()
        table = [self._heading(), *map(_cells, rows)] if rows else []
        self._rows = [self._added(number, texts) for number, texts in enumerate(table)]
        self.setVisible(bool(rows))

    def _heading(self) -> list[str]:
        return [
            self.tr("Format"),
            self.tr("Size"),
            self.tr("Time per image"),
            self.tr("Same answer"),
            self.tr("Right answers"),
        ]

    def _added(self, row: int, texts: list[str]) -> list[QLabel]:
        cells = [theme.label(text, "small" if row == 0 else "body") for text in texts]
        for column, cell in enumerate(cells):
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(cell, row, column, side)
        return cells


def _cells(row: FileFigures) -> list[str]:
    right = "–" if row.accuracy is None else f"{row.accuracy:.1%}"
    same = f"{100 * row.agreement:.4g} %"
    return [formats.about(row.format).title, f"{row.size_mb:.1f} MB", f"{row.milliseconds:.1f} ms", same, right]
