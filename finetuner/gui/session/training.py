"""The run under way: its events so far, so that a page opened late still tells the whole story."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from finetuner.engine import events

if TYPE_CHECKING:
    from finetuner.engine.events import Event
    from finetuner.engine.job import Job
    from finetuner.engine.launchers import Task
    from finetuner.engine.run_store.control import Wish
    from finetuner.gui.bridge.worker import Worker
    from finetuner.gui.session.session import Session

_HISTORY = 4_000


class Training(QObject):
    """At most one run at a time: while it is under way no other begins.

    `happened` repeats what happens; `changed` says that `running` or `run` did.
    """

    happened = Signal(object)
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.run: Path | None = None
        self.events: list[Event] = []
        self._worker: Worker | None = None
        self._attached = False

    @property
    def running(self) -> bool:
        """Whether a run is under way (also while it is paused)."""
        return self._worker is not None

    @property
    def outlives_the_window(self) -> bool:
        """Whether the run goes on when the window is gone: it is trained by another process."""
        return self._attached or self._session.settings.launcher == "process"

    def watch(self, on_event: Callable[[Event], None]) -> None:
        """Call `on_event` for everything that happened so far, and for all that will."""
        for event in self.events:
            on_event(event)
        self.happened.connect(on_event)

    def start(self, job: Job, run: Path) -> None:
        """Train `job` into the new folder `run`."""
        from finetuner.engine.requests import TrainRequest

        self._begin(run, lambda: self._session.launcher.start(TrainRequest(job=job, run=run)))

    def race(self, job: Job, out: Path, seconds: float) -> None:
        """Race the strategies on `job`, into folders called after `out`; `run` is the one under way."""
        from finetuner.engine.requests import RaceRequest

        self._begin(out, lambda: self._session.launcher.start(RaceRequest(job=job, out=out, seconds=seconds)))

    def resume(self, run: Path) -> None:
        """Go on with an interrupted run."""
        from finetuner.engine.requests import ResumeRequest

        self._begin(run, lambda: self._session.launcher.start(ResumeRequest(run=run)))

    def attach(self, run: Path, follow: Callable[[Path], Task]) -> None:
        """Watch a run that another process trains; `follow` gives its events."""
        self._begin(run, lambda: follow(run), attached=True)

    def stop(self) -> None:
        """End the run; the best model is kept."""
        if self._worker is not None:
            self._worker.stop()

    def leave(self) -> None:
        """Stop listening; a run in a process of its own goes on."""
        if self._worker is not None:
            self._worker.leave()

    def ask(self, wish: Wish) -> None:
        """Ask the trainer to pause, to continue, or to stop and keep the best, wherever it runs."""
        from finetuner.engine.run_store.run_folder import RunFolder

        if self.running and self.run is not None:
            RunFolder(self.run).control.ask(wish)

    def _begin(self, run: Path, begin: Callable[[], Task], attached: bool = False) -> None:
        if self.running:
            return
        self.run, self.events, self._attached = run, [], attached
        self._worker = self._session.calls.start(begin, self._on_event, self._on_end)
        self.changed.emit()

    def _on_event(self, event: Event) -> None:
        self.events.append(event)
        if len(self.events) > _HISTORY:
            self.events = thinned(self.events)
        match event:
            case events.RunStarted() | events.RaceEntered():
                self.run = Path(event.run)
            case events.RaceEnded():
                self._session.set_run(Path(event.winner))
            case events.RunEnded(status="done" | "stopped", summary=summary) if summary is not None:
                self._session.set_run(Path(summary.run))
        self.happened.emit(event)

    def _on_end(self) -> None:
        self._worker = None
        self.changed.emit()


def thinned(history: Iterable[Event]) -> list[Event]:
    """The events without every second BatchEnded: a long run's memory stays bounded, its curve keeps its shape."""
    kept: list[Event] = []
    batches = 0
    for event in history:
        if isinstance(event, events.BatchEnded):
            batches += 1
            if batches % 2:
                continue
        kept.append(event)
    return kept
