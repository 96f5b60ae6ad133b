"""One run or two: their curves in one chart, their figures side by side.

Where there is no room for three, the curves of the loss give way: its figures are there all the same.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from finetuner.engine.run_store.runs import RunInfo
from finetuner.gui import theme
from finetuner.gui.pages.runs.columns import FIGURES, tr
from finetuner.gui.widgets.curves import Curves

_COLUMN = theme.GRID * 18


class SideBySide(QWidget):
    """Shows at most two runs."""

    def __init__(self) -> None:
        super().__init__()
        self.accuracy = Curves(
            self.tr("Validation accuracy"),
            self.tr("epoch"),
            bounds=(None, 1.0),
            percent=True,
            waiting=self.tr("No epoch yet"),
        )
        self.loss = Curves(
            self.tr("Validation loss"), self.tr("epoch"), bounds=(0.0, None), waiting=self.tr("No epoch yet")
        )
        self._figures = QWidget()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.GAP)
        for part in (self.accuracy, self.loss):
            self._row.addWidget(part, 1)
        self._row.addWidget(self._figures)

    def show_runs(self, runs: Sequence[RunInfo]) -> None:
        """Draw these runs, the first in the accent colour."""
        for chart in (self.accuracy, self.loss):
            chart.drop_lines()
        for mark, run in zip(marks(runs), runs, strict=True):
            self.accuracy.add_line(mark)
            self.loss.add_line(mark)
            for epoch in run.curve:
                self.accuracy.append(mark, epoch.epoch, epoch.val_accuracy)
                self.loss.append(mark, epoch.epoch, epoch.val_loss)
        old, self._figures = self._figures, _figures(runs)
        self._row.replaceWidget(old, self._figures)
        old.hide()
        old.deleteLater()
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width_with(self.accuracy), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self.loss.setVisible(self.width() >= self._width_with(self.accuracy, self.loss))

    def _width_with(self, *charts: QWidget) -> int:
        least = sum(chart.minimumSizeHint().width() + self._row.spacing() for chart in charts)
        return least + self._figures.sizeHint().width()


def marks(runs: Sequence[RunInfo]) -> tuple[str, ...]:
    """Short names for curves and columns: A and B, nothing for a run alone."""
    return ("A", "B") if len(runs) == 2 else ("",) * len(runs)


def _figures(runs: Sequence[RunInfo]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(theme.GAP, 0, 0, 0)
    grid.setHorizontalSpacing(theme.GAP)
    grid.setVerticalSpacing(theme.HALF)
    for column, (mark, run) in enumerate(zip(marks(runs), runs, strict=True), 1):
        name = theme.label(f"{mark}  {run.name}".strip(), "strong", wrap=True)
        name.setFixedWidth(_COLUMN)
        grid.addWidget(name, 0, column, Qt.AlignmentFlag.AlignBottom)
    for row, (title, write) in enumerate(FIGURES.items(), 1):
        grid.addWidget(theme.label(tr(title), "small"), row, 0)
        for column, run in enumerate(runs, 1):
            grid.addWidget(theme.label(write(run)), row, column)
    grid.setRowStretch(len(FIGURES) + 1, 1)
    return made
