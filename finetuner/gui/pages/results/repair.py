"""From a doubt to a better model: likely wrong labels are looked for, put right, and the head is solved again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from finetuner.engine import events
from finetuner.engine.dataset.corrections import place_for
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.certainty import beside
from finetuner.engine.evaluation.comparison import compare
from finetuner.engine.evaluation.tables import read_metrics, read_predictions
from finetuner.engine.requests import RefitRequest, SuspectsRequest
from finetuner.engine.run_store.places import free_place
from finetuner.gui.pages.results.verdict import Verdict
from finetuner.gui.widgets.ticks import write_percent

if TYPE_CHECKING:
    from finetuner.engine.events import Event
    from finetuner.gui.bridge.worker import Worker
    from finetuner.gui.pages.results.page import ResultsPage


class Repair(QObject):
    """What the Results page does about labels; one thing at a time."""

    def __init__(self, page: ResultsPage) -> None:
        super().__init__(page)
        self._page, self._labels, self._answers = page, page.labels, page.answers
        self._worker: Worker | None = None
        self._answers.doubted.connect(self.look_for_doubts)
        self._answers.fixing.refit.connect(self.refit)
        self._answers.fixing.saving.connect(self.choose_manifest)
        self._labels.trouble.connect(lambda sentence, step: page.tell(sentence, step, "warning"))
        self._labels.changed.connect(self._tell_the_draft)

    def look_for_doubts(self) -> None:
        """Ask which labels are likely wrong."""
        run = self._page.session.run
        if run is not None and self._worker is None:
            self._page.progress.show_progress(self.tr("Looking for wrong labels"))
            self._worker = self._page.call(SuspectsRequest(run=run), partial(self._on_event, run), self._on_end)

    def refit(self) -> None:
        """Solve the head again with what was said, as a run of its own."""
        run, file = self._page.session.run, self._labels.file
        if run is not None and file is not None and self._worker is None:
            self._page.progress.show_progress(self.tr("Fitting again"))
            request = RefitRequest(run=run, corrections=file, out=free_place(run, "corrected"))
            self._worker = self._page.call(request, partial(self._on_event, run), self._on_end)

    def choose_manifest(self) -> None:
        """Write the corrected data set as a table, wherever the user wants it."""
        words = self.tr("Save the corrected list of images")
        chosen, _ = QFileDialog.getSaveFileName(self._page, words, "corrected.csv", "CSV (*.csv)")
        if chosen:
            self.save_manifest(Path(chosen))

    def save_manifest(self, target: Path) -> None:
        """Write it."""
        try:
            self._labels.write_manifest(target)
        except OSError as error:
            self._page.tell(self.tr("{} cannot be written: {}.").format(target, error.strerror))
        else:
            self._page.tell(self.tr("The corrected list is in {}.").format(target), level="good")

    def _on_event(self, run: Path, event: Event) -> None:
        """What comes of a question about `run`; where another one is in sight by then, its page stays as it is."""
        in_sight = run == self._page.session.run
        match event:
            case events.Progress():
                self._page.progress.show_progress(event.activity, event.done, event.total)
            case events.SuspectsRanked() if in_sight:
                self._show_doubts(event)
            case events.RunEnded(status="done", summary=summary) if summary is not None:
                if in_sight:
                    self._show_gain(run, Path(summary.run))
                else:
                    self._announce(Path(summary.run))

    def _on_end(self) -> None:
        self._worker = None
        self._page.progress.finish()

    def _show_doubts(self, ranked: events.SuspectsRanked) -> None:
        rows = Verdict.doubts(ranked)
        heading = self.tr("Likely wrong labels: {:,}").format(len(rows)) if rows else self.tr("No label is in doubt")
        note = self.tr("Each image was asked of a model that never saw it. Read “label → what it looks like”; select"
                       " images and say what they are.") if rows else ""  # fmt: skip
        self._answers.show_answers(heading, note, rows, back=True)
        self._answers.doubts.hide()  # they are here

    def _announce(self, run: Path) -> None:
        see = (self.tr("See it"), lambda: self._page.session.set_run(run))
        self._page.tell(self.tr("{} was fitted to the corrected labels.").format(run.name), "", "good", (see,))

    def _show_gain(self, before: Path, run: Path) -> None:
        self._page.session.set_run(run)
        try:
            old, new = read_metrics(before), read_metrics(run)
            found = compare(read_predictions(before), read_predictions(run))
        except FinetunerError as error:
            self._page.tell(error.sentence, error.next_step)
            return
        figures = [f"{write_percent(it.accuracy)} ({beside(it.n, it.accuracy_interval)})" for it in (old, new)]
        told = self.tr("Accuracy was {} and is {} with the corrected labels.").format(*figures)
        back = (self.tr("Back to the old run"), lambda: self._page.session.set_run(before))
        self._page.tell(told, found.sentence, "good" if new.accuracy >= old.accuracy else "info", (back,))

    def _tell_the_draft(self) -> None:
        """The next training of the same images takes the corrections to heart."""
        file, data = self._labels.file, self._page.session.job.data.data
        if data is not None and self._labels.corrections.images and place_for(data) == file:
            self._page.session.change_job(corrections=file)
