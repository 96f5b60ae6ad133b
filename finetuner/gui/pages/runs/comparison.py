"""One run or two: curves and figures; of two also which is better, on which classes, and on which images."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from finetuner.engine.evaluation.two_runs import TwoRuns
from finetuner.engine.events import Failed
from finetuner.engine.run_store.runs import RunInfo
from finetuner.gui import theme
from finetuner.gui.pages.runs.changes import Changes
from finetuner.gui.pages.runs.differences import differences_table, rows_of
from finetuner.gui.pages.runs.side_by_side import SideBySide
from finetuner.gui.session.runs import Runs


class Comparison(QWidget):
    """`show_runs` with at most two; of two the older one is A. Each pair is asked of the session once."""

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._runs = runs
        self._pair: tuple[Path, ...] = ()
        self.verdict, self.notes = theme.label("", "strong", wrap=True), theme.label("", "small", wrap=True)
        self.curves, self.classes, self.changes = SideBySide(), differences_table(), Changes()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self._lay_out()
        runs.compared.connect(self._show_comparison)
        runs.incomparable.connect(self._show_trouble)

    def show_runs(self, chosen: Sequence[RunInfo]) -> None:
        """Draw these runs."""
        runs = sorted(chosen, key=lambda run: run.started)
        self.curves.show_runs(runs)
        pair = tuple(run.path for run in runs) if len(runs) == 2 else ()
        if pair != self._pair:
            self._pair = pair
            self._begin()

    def _begin(self) -> None:
        self._show_tabs(False)
        self.notes.setText("")
        self.verdict.setText(self.tr("Comparing image by image…") if self._pair else "")
        self.verdict.setVisible(bool(self._pair))
        self.notes.hide()
        if self._pair:
            self._runs.compare(*self._pair)

    def _show_comparison(self, found: TwoRuns) -> None:
        if (found.first, found.second) != self._pair:
            return
        self.verdict.setText(found.comparison.told("A", "B"))
        self._show_notes(" ".join(found.notes))
        self.classes.show_rows(rows_of(found.comparison))
        self.changes.show_comparison(found.comparison)
        self._show_tabs(bool(found.comparison.pairs.images))

    def _show_trouble(self, pair: tuple[Path, ...], event: Failed) -> None:
        if pair == self._pair:
            self.verdict.setText(self.tr("They cannot be compared image by image."))
            self._show_notes(event.sentence)

    def _show_notes(self, words: str) -> None:
        self.notes.setText(words)
        self.notes.setVisible(bool(words))

    def _show_tabs(self, comparable: bool) -> None:
        for tab in (1, 2):
            self.tabs.setTabVisible(tab, comparable)
        self.tabs.tabBar().setVisible(comparable)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.GAP, 0, 0)
        layout.setSpacing(theme.HALF)
        for label in (self.verdict, self.notes):
            layout.addWidget(label)
            label.hide()
        for part, words in (
            (self.curves, self.tr("Curves and figures")),
            (self.classes, self.tr("Classes")),
            (self.changes, self.tr("Changed answers")),
        ):
            self.tabs.addTab(part, words)
        self._show_tabs(False)
        layout.addWidget(self.tabs, 1)
