"""The Training page: the story of a run."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton, QTabWidget, QVBoxLayout, QWidget

from finetuner.engine.events import (
    BatchEnded,
    CheckpointSaved,
    Continued,
    EpochEnded,
    Event,
    Failed,
    Notice,
    Paused,
    PhaseStarted,
    PlanDrawn,
    Progress,
    RaceEnded,
    RaceEntered,
    RunEnded,
    RunStarted,
    Watched,
)
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui import theme
from finetuner.gui.pages.page import Page
from finetuner.gui.pages.training.charts import Charts
from finetuner.gui.pages.training.figures import Figures
from finetuner.gui.pages.training.watching import Watching
from finetuner.gui.session import Session
from finetuner.gui.widgets.progress_line import ProgressLine


class TrainingPage(Page):
    """Shows `session.training`, from its beginning also when opened late."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.progress, self.figures, self.charts = ProgressLine(), Figures(), Charts()
        self.watching, self.tabs = Watching(), QTabWidget()
        self._run: Path | None = None
        self._epochs, self._safe, self._paused, self._ended = 1, 0, False, False
        self._add_actions()
        self._lay_out()
        self.watching.wanted.connect(self.choose_watched)
        session.training.changed.connect(self._on_change)
        session.job_changed.connect(lambda job: self._show_state())
        session.run_changed.connect(lambda run: self._show_state())
        self._on_change()
        session.training.watch(self._on_event)
        self._on_change()

    def _on_event(self, event: Event) -> None:
        match event:
            case PlanDrawn():
                self.charts.draw_plan(event)
            case RunStarted():
                self._begin(event)
            case Progress():
                self._show_progress(event)
            case PhaseStarted():
                self.charts.enter_phase(event)
            case BatchEnded():
                self._step(event)
            case EpochEnded():
                self.figures.add_epoch(event)
                self.charts.add_epoch(event)
            case Watched():
                self.watching.add(event)
            case CheckpointSaved():
                self._safe = event.epoch
            case Paused() | Continued():
                self._pause(isinstance(event, Paused))
            case Notice():
                self.tell(event.sentence, event.next_step, event.level)
            case Failed() | RunEnded():
                self._end(event)
            case RaceEntered():
                self._get_ready(Path(event.run))
                self._show_state()
            case RaceEnded():
                self._end_race(event)

    # --- the chapters -----------------------------------------------------------------------------------------

    def _on_change(self) -> None:
        training = self.session.training
        if training.running and training.run is not None and (training.run != self._run or self._ended):
            self._get_ready(training.run)
        if not training.running and self._run is not None and not self._ended:
            self._cancelled()
        self._show_state()

    def _get_ready(self, run: Path) -> None:
        """A run begins; the same one goes on where its curves end."""
        if run != self._run:
            self._run, self._safe = run, 0
            self.charts.begin(1)
            self.watching.begin(run)
        self._ended = False
        self.notice.clear()
        self.progress.show_progress(self.tr("Getting ready"))

    def _begin(self, event: RunStarted) -> None:
        self._run, self._epochs, self._ended, self._paused = Path(event.run), event.epochs, False, False
        self.notice.clear()
        self.figures.begin(event)
        if not event.resumed_at or self.charts.empty:
            self.watching.begin(self._run)
        if event.resumed_at and self.charts.empty:
            self._recall(Path(event.run), event.resumed_at)
        elif not event.resumed_at:
            self.charts.begin(event.epochs)
        self._subtitle(event)
        self._show_state()

    def _recall(self, run: Path, epochs: int) -> None:
        """What happened before a resume, from the run's own log."""
        self.charts.begin(self._epochs)
        for _, _, event in RunFolder(run).events.entries():
            match event:
                case PlanDrawn():
                    self.charts.draw_plan(event)
                case PhaseStarted() if event.epoch <= epochs:
                    self.charts.enter_phase(event)
                case BatchEnded() if event.epoch <= epochs:
                    self.charts.add_batch(event)
                case Watched() if event.epoch <= epochs:
                    self.watching.add(event)
                case EpochEnded() if event.epoch <= epochs:
                    self.figures.add_epoch(event)
                    self.charts.add_epoch(event)

    def _step(self, event: BatchEnded) -> None:
        self.figures.add_batch(event)
        self.charts.add_batch(event)
        words = self.tr("Epoch {} of {}").format(event.epoch, self._epochs)
        self.progress.show_progress(
            words,
            event.step,
            event.steps,
            event.images_per_second,
            event.seconds_left,
            unit=self.tr("images"),
            counted=self.tr("step"),
        )

    def _show_progress(self, event: Progress) -> None:
        self.progress.show_progress(event.activity, event.done, event.total, event.rate, event.seconds_left)

    def _pause(self, paused: bool) -> None:
        self._paused = paused
        if paused:
            self.progress.pause(self.tr("Paused"))
        self._show_state()

    def _end(self, event: Failed | RunEnded) -> None:
        self._ended = True
        self.progress.finish()
        self.charts.end()
        if isinstance(event, RunEnded) and event.summary is not None:
            self.figures.end(event.summary)
        done = isinstance(event, RunEnded) and event.status != "failed"
        resumable = not done and self._safe > 0
        actions = ((self.tr("Resume"), self._resume),) if resumable else ()
        self.tell(event.sentence, event.next_step, "good" if done else "error", actions)
        self._show_state()

    def _end_race(self, event: RaceEnded) -> None:
        """The page stays on the run that was raced last; what to take is a sentence."""
        ranking = (self.tr("See the ranking"), lambda: self.session.go("strategy"))
        self.tell(self.tr("The race is over."), event.sentence, "good", (ranking,))

    def _cancelled(self) -> None:
        self._ended = True
        self.progress.finish()
        self.charts.end()
        if self._safe:
            sentence = self.tr("Cancelled. Everything up to epoch {} is safe.").format(self._safe)
            self.tell(sentence, "", "info", ((self.tr("Resume"), self._resume),))
        else:
            self.tell(self.tr("Cancelled before the first epoch was safe."), "", "info")

    # --- what the user may do ---------------------------------------------------------------------------------

    def _add_actions(self) -> None:
        self.cancel = self.add_action(self.tr("Cancel"), self.session.training.stop, "quiet")
        self.cancel.setToolTip(self.tr("Stop now. The run can be resumed from its last checkpoint."))
        self.keep = self.add_action(self.tr("Stop and keep the best"), self._keep, symbol="stop")
        self.pause = self.add_action(self.tr("Pause"), self._toggle, symbol="pause")
        self.live = self.add_action(self.tr("Live"), lambda: self.session.go("live"), symbol="live")
        self.results = self.add_action(self.tr("See results"), lambda: self.session.go("results"), "primary", "results")

    def choose_watched(self) -> None:
        """Ask for the image that the next run is to watch; of none, a validation image is."""
        words = self.tr("Choose the image to watch in the next run")
        chosen, _ = QFileDialog.getOpenFileName(self, words, str(self.session.job.data.data or Path.home()))
        if chosen:
            self.session.change_job(watch=chosen)
            self.tell(self.tr("The next run watches {}.").format(Path(chosen).name), "", "info")

    def _toggle(self) -> None:
        self.session.training.ask("continue" if self._paused else "pause")
        self.pause.setEnabled(False)

    def _keep(self) -> None:
        self.session.training.ask("stop")
        self.keep.setEnabled(False)
        self.progress.show_progress(self.tr("Stopping after this step, to keep the best"))

    def _resume(self) -> None:
        if self._run is not None:
            self.session.training.resume(self._run)

    def _lay_out(self) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for widget, words in ((self.charts, self.tr("Curves")), (self.watching, self.tr("One image"))):
            box = QWidget()
            layout = QVBoxLayout(box)
            layout.setContentsMargins(0, theme.GAP, 0, 0)
            layout.addWidget(widget)
            self.tabs.addTab(box, words)
        for part in (self.progress, self.figures, self.tabs):
            self.body.addWidget(part)
        self.body.setStretchFactor(self.tabs, 1)

    def _subtitle(self, event: RunStarted) -> None:
        words = self.tr("{} · {} · {:,} training and {:,} validation images in {} classes").format(
            event.backbone, event.strategy, event.train_images, event.val_images, len(event.classes)
        )
        self.set_title(Path(event.run).name, words)

    def _show_state(self) -> None:
        running = self.session.training.running and not self._ended
        for button in (self.cancel, self.keep, self.pause):
            button.setVisible(running)
            button.setEnabled(True)
        _relabel(self.pause, self.tr("Continue") if self._paused else self.tr("Pause"))
        finished = self._ended and self.session.run == self._run and self._run is not None
        self.results.setVisible(finished)
        self.live.setVisible(finished)
        if self._run is not None:
            self.show_body()
        else:
            self._show_nothing()

    def _show_nothing(self) -> None:
        self.set_title(self.tr("Training"))
        heading = self.tr("No run is under way")
        if self.session.job.data.data is None:
            sentence = self.tr("Open a folder of photos; a first model is then trained by itself.")
            self.show_empty(
                "training", heading, sentence, self.tr("Open a data set"), lambda: self.session.go("dataset")
            )
        else:
            sentence = self.tr("Here you watch a model learn: its curves, what learns when, and how long it takes.")
            self.show_empty("training", heading, sentence, self.tr("Train"), self.session.train)


def _relabel(button: QPushButton, words: str) -> None:
    button.setText(words)
    button.setAccessibleName(words)
