"""The session: what the window is about at the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Lock
from time import strftime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from finetuner.engine import events
from finetuner.engine.errors import FinetunerError
from finetuner.engine.paths import runs_dir
from finetuner.gui import settings as settings_file
from finetuner.gui.bridge.calls import Calls
from finetuner.gui.bridge.local import LocalTask
from finetuner.gui.session.dataset import Dataset
from finetuner.gui.session.runs import Runs
from finetuner.gui.session.training import Training
from finetuner.gui.settings import Settings

if TYPE_CHECKING:
    from finetuner.engine.events import Event
    from finetuner.engine.job import Job
    from finetuner.engine.launchers import Launcher
    from finetuner.engine.requests import Request
    from finetuner.gui.bridge.worker import Worker


class Session(QObject):
    """Shared state. `make_launcher(name)` gives the launcher of that name; tests hand in one that replays."""

    job_changed = Signal(object)  # the draft, a Job
    run_changed = Signal(object)  # the run the pages speak of, a Path or None
    settings_changed = Signal(object)  # Settings
    page_wanted = Signal(str)  # a key of PAGES
    folder_wanted = Signal()  # ask the user for a folder of images
    noticed = Signal(object)  # a Notice for the page in sight

    def __init__(
        self,
        make_launcher: Callable[[str], Launcher],
        settings: Settings | None = None,
        settings_path: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings or Settings()
        self.run: Path | None = None
        self.calls = Calls(self)
        self.dataset = Dataset(self)
        self.training = Training(self)
        self.runs = Runs(self)
        self._settings_path = settings_path
        self._make_launcher = make_launcher
        self._draft: Job | None = None
        self._launcher: Launcher | None = None
        self._making = Lock()

    @property
    def job(self) -> Job:
        """The draft, made when it is first asked for; the window watches an image while a network learns."""
        if self._draft is None:
            from finetuner.engine.job import ANY_WATCHED, Job

            self._draft = Job().changed(watch=ANY_WATCHED)
        return self._draft

    @property
    def launcher(self) -> Launcher:
        """The launcher the settings name, made when it is first needed, by whichever thread needs it."""
        with self._making:
            if self._launcher is None:
                self._launcher = self._make_launcher(self.settings.launcher)
            return self._launcher

    def warm_up(self) -> None:
        """Have the engine load what takes seconds before the first call needs it; in a thread, as the window is up."""
        self.calls.start(lambda: LocalTask(self._warming()), lambda _event: None)

    def call(
        self, request: Request, on_event: Callable[[Event], None], on_end: Callable[[], object] | None = None
    ) -> Worker:
        """Run a request in a worker thread; `on_event` gets each event in the window's thread."""
        return self.calls.start(lambda: self.launcher.start(request), on_event, on_end)

    def change_job(self, **options: Any) -> str:
        """Change options of the draft by flat name. Returns a sentence if a value is refused, else nothing."""
        try:
            job = self.job.changed(**options)
        except FinetunerError as error:
            return str(error)
        self.set_job(job)
        return ""

    def set_job(self, job: Job) -> None:
        """Make `job` the draft."""
        if job != self.job:
            self._draft = job
            self.job_changed.emit(job)

    def set_run(self, run: Path | None) -> None:
        """Make `run` the run that Results, Explain, Export and Live speak of."""
        if run != self.run:
            self.run = run
            self.run_changed.emit(run)

    def train(self, job: Job | None = None) -> None:
        """Train `job` (default: the draft) into a new run, and show it."""
        job = job or self.job
        if job.data.data is None:
            self.tell(self.tr("There are no images to train on yet."), self.tr("Open a folder first."), "warning")
        elif not self.training.running:
            self.training.start(job, new_run_path(job))
            self.go("training")

    def race(self, seconds: float) -> None:
        """Race the strategies on the draft's images, with so many seconds of training for all of them together."""
        if self.job.data.data is None:
            self.tell(self.tr("There are no images to train on yet."), self.tr("Open a folder first."), "warning")
        elif not self.training.running:
            self.training.race(self.job, new_run_path(self.job, "race"), seconds)

    def go(self, page: str) -> None:
        """Show a page, by its key in PAGES."""
        self.page_wanted.emit(page)

    def tell(self, sentence: str, next_step: str = "", level: str = "info") -> None:
        """Put a notice on the page in sight."""
        self.noticed.emit(events.Notice(sentence=sentence, next_step=next_step, level=level))

    def change_settings(self, **changes: Any) -> None:
        """Change preferences and write them; a disk that refuses is told of, the change holds for this session."""
        before, self.settings = self.settings, replace(self.settings, **changes)
        if before.launcher != self.settings.launcher:
            self._close_launcher()
        self._save_settings()
        self.settings_changed.emit(self.settings)

    def close(self) -> None:
        """Stop every call, end the launcher and with it what did not stop by itself."""
        self.calls.stop()
        self._close_launcher()
        self.calls.join()

    def _warming(self) -> Iterator[Event]:
        from finetuner.engine.launchers import ProcessLauncher

        launcher = self.launcher
        if isinstance(launcher, ProcessLauncher):
            launcher.warm()
        yield from ()

    def _close_launcher(self) -> None:
        with self._making:
            launcher, self._launcher = self._launcher, None
        if launcher is not None:
            launcher.close()

    def _save_settings(self) -> None:
        if self._settings_path is None:
            return
        try:
            settings_file.save(self.settings, self._settings_path)
        except OSError as error:
            self.tell(f"The preferences cannot be written to {self._settings_path}: {error.strerror}.", level="warning")


def new_run_path(job: Job, word: str = "") -> Path:
    """A folder for a new run, named after the data, the strategy (or `word`) and the time: `leaves-lp-ft-1121-0930`.

    It is made at once, so that no other window takes it; but for a race, whose folders only begin with its name.
    """
    from finetuner.engine.run_store.places import free_stem, reserved

    data = job.data.data.stem if job.data.data else "run"
    strategy = "" if job.strategy.strategy == "auto" else f"-{job.strategy.strategy}"
    stem = f"{data}{f'-{word}' if word else strategy}-{strftime('%m%d-%H%M')}"
    return free_stem(runs_dir() / stem) if word else reserved(runs_dir() / stem)
