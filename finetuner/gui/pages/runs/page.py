"""The Runs page."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QSplitter, QTableView

from finetuner.engine.run_store.runs import RunInfo
from finetuner.gui.pages.page import Page
from finetuner.gui.pages.runs.columns import COLUMNS
from finetuner.gui.pages.runs.comparison import Comparison
from finetuner.gui.session import Session
from finetuner.gui.widgets.search_table import SearchTable

_WHOLE_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


class RunsPage(Page):
    """All runs; one selected can be opened, resumed or deleted, two are compared."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.table = SearchTable(COLUMNS, self.tr("Search runs"))
        self.table.table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.table.count.hide()
        self.comparison = Comparison(session.runs)
        self.delete = self.add_action(self.tr("Delete"), self._delete, "danger", "trash")
        self.resume = self.add_action(self.tr("Resume"), self._resume, symbol="resume")
        self.open = self.add_action(self.tr("Open"), self._open, "primary", "results")
        self.body.addWidget(self._arranged(), 1)
        self.table.activated.connect(lambda run: self._open())
        self.table.table.selectionModel().selectionChanged.connect(lambda *_: self._on_selection())
        session.runs.listed.connect(self._show)
        session.training.changed.connect(session.runs.refresh)
        self._show(session.runs.infos)

    @property
    def selected(self) -> list[RunInfo]:
        """The runs selected, in the table's order."""
        rows = self.table.table.selectionModel().selectedRows()
        sources = [self.table.filter.mapToSource(row).row() for row in sorted(rows, key=lambda row: row.row())]
        return [self.table.model.rows[source] for source in sources]

    def select(self, wanted: Callable[[RunInfo], bool]) -> None:
        """Select the runs that are wanted."""
        model, selection = self.table.filter, self.table.table.selectionModel()
        selection.clear()
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            if wanted(self.table.model.rows[model.mapToSource(index).row()]):
                selection.select(index, _WHOLE_ROW)

    def entered(self) -> None:
        """Read the runs anew at each visit."""
        self.session.runs.refresh()

    def _show(self, runs: Sequence[RunInfo]) -> None:
        chosen: set[Path | None] = {run.path for run in self.selected}
        chosen = chosen or {self.session.run}
        self.set_title(self.tr("Runs"), self.tr("Every run is a folder. Select two to compare them."))
        self.table.show_rows(runs)
        self.select(lambda run: run.path in chosen)
        self._on_selection()
        if runs:
            self.show_body()
        else:
            sentence = self.tr(
                "Each training run is kept here with its curves, its model and the exact images it used."
            )
            self.show_empty("runs", self.tr("No runs yet"), sentence, self.tr("Open images"), self._to_dataset)

    def _on_selection(self) -> None:
        runs = self.selected
        one = runs[0] if len(runs) == 1 else None
        self.open.setEnabled(one is not None and bool(one.curve or one.status == "running"))
        self.open.setText(self.tr("Watch") if one is not None and one.status == "running" else self.tr("Open"))
        self.resume.setEnabled(one is not None and one.resumable and not self.session.training.running)
        self.delete.setEnabled(bool(runs) and all(run.status != "running" for run in runs))
        self.comparison.setVisible(bool(runs))
        self.comparison.show_runs(runs[:2])

    def _open(self) -> None:
        for run in self.selected[:1]:
            if run.status == "running":
                self._watch(run)
            else:
                self.session.set_run(run.path)
                self.session.go("results")

    def _watch(self, run: RunInfo) -> None:
        if not self.session.training.running:
            self.session.runs.follow(run.path)
        self.session.go("training")

    def _resume(self) -> None:
        for run in self.selected[:1]:
            self.session.training.resume(run.path)
            self.session.go("training")

    def _delete(self) -> None:
        for run in self.selected:
            if sentence := self.session.runs.discard(run.path):
                self.tell(sentence)

    def _to_dataset(self) -> None:
        self.session.go("dataset")

    def _arranged(self) -> QSplitter:
        splitter = QSplitter(orientation=Qt.Orientation.Vertical, childrenCollapsible=False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.comparison)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        return splitter
