"""The files that were set aside, each with its reason."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from finetuner.engine.events import ScanProblem
from finetuner.gui import theme


class SetAside(QTableWidget):
    """A table of files and reasons; read-only, sortable."""

    def __init__(self) -> None:
        super().__init__(0, 2, showGrid=False, sortingEnabled=True)
        self.setHorizontalHeaderLabels([self.tr("File"), self.tr("Reason")])
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setAccessibleName(self.tr("Files set aside"))
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    def show_problems(self, folder: Path, problems: Sequence[ScanProblem]) -> None:
        """List these files, named from the data set's folder on."""
        self.setSortingEnabled(False)
        self.setRowCount(len(problems))
        for row, problem in enumerate(problems):
            path = Path(problem.path)
            name = path.relative_to(folder) if path.is_relative_to(folder) else path
            self.setItem(row, 0, _cell(str(name), problem.path))
            self.setItem(row, 1, _cell(problem.reason, problem.reason))
        self.setSortingEnabled(True)


def _cell(words: str, tip: str) -> QTableWidgetItem:
    cell = QTableWidgetItem(words.encode("utf-8", "replace").decode())
    cell.setToolTip(tip.encode("utf-8", "replace").decode())
    return cell
