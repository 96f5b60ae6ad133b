"""The Results page."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QSplitter, QTabWidget, QVBoxLayout, QWidget

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ClassScore, EvaluationEnded, PredictionRow
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui import theme
from finetuner.gui.pages.page import Page
from finetuner.gui.pages.results.answers import Answers
from finetuner.gui.pages.results.asking import Asking
from finetuner.gui.pages.results.calibration import Calibration
from finetuner.gui.pages.results.class_curves import ClassCurves
from finetuner.gui.pages.results.habits import Habits
from finetuner.gui.pages.results.headline import Headline
from finetuner.gui.pages.results.image_map import ImageMap
from finetuner.gui.pages.results.labels import Labels
from finetuner.gui.pages.results.limits import Limits
from finetuner.gui.pages.results.looking import Looking
from finetuner.gui.pages.results.per_class import per_class_table
from finetuner.gui.pages.results.repair import Repair
from finetuner.gui.pages.results.robustness import Robustness
from finetuner.gui.pages.results.thresholds import ThresholdPanel
from finetuner.gui.pages.results.unknown import UnknownLine
from finetuner.gui.pages.results.verdict import Verdict
from finetuner.gui.session import Session
from finetuner.gui.widgets.confusion import ConfusionMatrix
from finetuner.gui.widgets.progress_line import ProgressLine


class ResultsPage(Page):
    """Figures above, the confusion matrix and the classes to the left, the images behind them to the right."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.verdict: Verdict | None = None
        self.headline = Headline()
        self.labels = Labels(self)
        self.matrix, self.classes, self.answers = ConfusionMatrix(), per_class_table(), Answers(self.labels)
        self.curves, self.calibration, self.robustness = ClassCurves(), Calibration(), Robustness()
        self.limits = Limits(self)
        self.thresholds, self.unknown = ThresholdPanel(self.limits), UnknownLine()
        self.map = ImageMap(self.labels)
        self.habits = Habits()
        self.progress = ProgressLine()
        self._add_actions()
        self._lay_out()
        self.matrix.opened.connect(self._open_cell)
        self.classes.activated.connect(self._open_class)
        self.answers.left.connect(self._show_mistakes)
        self.thresholds.opened.connect(self._open_unsure)
        self.map.chosen.connect(self._open_group)
        for part in (self.limits, self.unknown):
            part.trouble.connect(lambda sentence, step: self.tell(sentence, step, "warning"))
        self.asking, self.repair, self.looking = Asking(self), Repair(self), Looking(self)
        session.run_changed.connect(self._show_run)
        self._show_run(session.run)

    # --- what is shown ----------------------------------------------------------------------------------------

    def _show_run(self, run: Path | None) -> None:
        self.notice.clear()
        self.labels.show_run(run)
        self.robustness.forget()
        self.map.forget()
        self.limits.show_run(run)
        self.unknown.show_run(run)
        if self.thresholds.isVisible():
            self.limits.read()
        self.looking.forget()
        self.asking.forget()
        if run is None:
            return self._show_nothing(self.tr("There is no model yet"))
        try:
            self._show(Verdict.of_run(run, self.tr("its validation images")))
        except FinetunerError as error:
            self._show_nothing(self.tr("This run has no results yet"))
            if RunFolder(run).metrics_file.exists():
                self.tell(error.sentence, error.next_step)

    def _show(self, verdict: Verdict) -> None:
        self.verdict = verdict
        run = self.session.run
        self.set_title(
            self.tr("Results"), self.tr("{}, measured on {}.").format(run.name if run else "", verdict.title)
        )
        self.headline.show_scores(verdict.scores, len(verdict.mistakes()))
        self.matrix.show_counts(verdict.scores.classes, verdict.scores.confusion)
        self.classes.show_rows(verdict.scores.per_class)
        self.curves.show_scores(verdict.scores)
        self.calibration.show_scores(verdict.scores)
        self._show_mistakes()
        self._set_actions(True)
        self.show_body()

    def _show_mistakes(self) -> None:
        if self.verdict is not None:
            rows = self.verdict.mistakes()
            heading = self.tr("Most confident mistakes") if rows else self.tr("No mistakes on these images")
            note = self.tr("Read “truth → answer”. A wrong label in the data shows up here first.") if rows else ""
            self.answers.show_answers(heading, note, rows, back=False)

    def _open_cell(self, truth: int, predicted: int) -> None:
        if self.verdict is not None:
            names = self.verdict.scores.classes
            rows = self.verdict.behind(names[truth], names[predicted])
            self.answers.show_answers(self.matrix.in_words((truth, predicted)), "", rows, back=True)

    def _open_class(self, row: ClassScore) -> None:
        if self.verdict is not None:
            heading = self.tr("All images of {}").format(row.name)
            self.answers.show_answers(heading, "", self.verdict.behind(truth=row.name), back=True)

    def _open_unsure(self, rows: list[PredictionRow]) -> None:
        heading = self.tr("Unsure: {:,} images").format(len(rows))
        note = self.tr("Their best class is below its threshold. Read “truth → best class”.")
        self.answers.show_answers(heading, note, rows, back=True)

    def _open_group(self, rows: list[PredictionRow]) -> None:
        """All of a group are selected at once: what is said next is said of all of them."""
        if not rows:
            return self._show_mistakes()
        note = self.tr("They are selected: say what they are below. Read “label → answer”.")
        self.answers.show_answers(self.tr("On the map: {:,}").format(len(rows)), note, rows, back=True)
        self.answers.grid.selectAll()

    def _show_nothing(self, heading: str) -> None:
        self.verdict = None
        self._set_actions(False)
        self.set_title(self.tr("Results"))
        sentence = self.tr(
            "After training you see here how often the model is right, on which classes it errs, and why."
        )
        target = "dataset" if self.session.run is None else "training"
        words = self.tr("Open a data set") if target == "dataset" else self.tr("Go to training")
        self.show_empty("results", heading, sentence, words, lambda: self.session.go(target))

    # --- what the user may do ---------------------------------------------------------------------------------

    def show_scored(self, event: EvaluationEnded) -> None:
        """Show how the run answered another folder."""
        self._show(Verdict.of_folder(event))
        self._tell_skipped(event)

    def _tell_skipped(self, event: EvaluationEnded) -> None:
        words = [*event.notices]
        if event.skipped:
            first = event.skipped[0]
            words.append(
                self.tr("{:,} files were set aside, such as {}: {}").format(
                    len(event.skipped), Path(first.path).name, first.reason
                )
            )
        back = (self.tr("Back to validation"), lambda: self._show_run(self.session.run))
        self.tell(self.tr("Scored on {}.").format(event.folder), " ".join(words), "info", (back,))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder with the same classes"))
        if chosen:
            self.asking.score(Path(chosen))

    def _open_report(self) -> None:
        if self.session.run is not None:
            report = RunFolder(self.session.run).report_file
            if not report.exists() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(report))):
                self.tell(self.tr("The report cannot be opened."), str(report), "warning")

    # --- looks ------------------------------------------------------------------------------------------------

    def _add_actions(self) -> None:
        self._actions = (
            self.add_action(self.tr("Report"), self._open_report, "quiet", "open-external"),
            self.add_action(self.tr("Score another folder…"), self._choose_folder, symbol="folder"),
            self.add_action(self.tr("Live"), lambda: self.session.go("live"), "primary", "live"),
        )

    def _set_actions(self, visible: bool) -> None:
        for button in self._actions:
            button.setVisible(visible)

    def _lay_out(self) -> None:
        self.body.addWidget(self.progress)
        self.body.addWidget(self.headline)
        self.body.addWidget(self._halves(), 1)

    def _halves(self) -> QSplitter:
        self.tabs = tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        theme.set_role(tabs.tabBar(), "dense")
        for widget, words in (
            (self.matrix, self.tr("Confusion")),
            (self.classes, self.tr("Classes")),
            (self.curves, self.tr("Curves")),
            (self.calibration, self.tr("Calibration")),
            (self.thresholds, self.tr("Thresholds")),
            (self.map, self.tr("Map")),
            (self.robustness, self.tr("Robustness")),
            (self.habits, self.tr("Shortcuts")),
        ):
            below = [self.unknown] if widget is self.thresholds else []
            tabs.addTab(_padded(widget, *below), words)
        halves = QSplitter()
        halves.setHandleWidth(theme.SECTION)
        halves.setChildrenCollapsible(False)
        halves.addWidget(tabs)
        halves.addWidget(self.answers)
        halves.setSizes([580, 440])
        return halves


def _padded(*widgets: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, theme.GAP, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    return box
