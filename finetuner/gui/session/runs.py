"""The shelf of runs: listed in a thread, since a long run's log takes a while to read."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from finetuner.engine.errors import FinetunerError
from finetuner.engine.paths import runs_dir
from finetuner.gui.bridge.local import LocalTask

if TYPE_CHECKING:
    from finetuner.engine.events import Event
    from finetuner.engine.run_store.runs import RunInfo
    from finetuner.gui.session.session import Session


class Runs(QObject):
    """All runs in the folder `root`. `refresh` reads them; `listed` carries a tuple of RunInfo, newest first."""

    listed = Signal(object)
    compared = Signal(object)  # a TwoRuns
    incomparable = Signal(object, object)  # the two runs, and Failed

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.root = runs_dir()
        self.infos: tuple[RunInfo, ...] = ()

    def refresh(self) -> None:
        """Read the runs folder anew."""
        self._session.calls.start(self._reading, self._on_event)

    def compare(self, first: Path, second: Path) -> None:
        """Compare two runs image by image; `compared` or `incomparable` follows."""
        handle = partial(self._on_comparison, (first, second))
        self._session.calls.start(lambda: self._comparing(first, second), handle)

    def follow(self, run: Path) -> None:
        """Watch a run that another process trains."""
        from finetuner.engine.launchers import attach

        self._session.training.attach(run, attach)

    def discard(self, run: Path) -> str:
        """Move a run to the trash. Returns a sentence when that is refused, else nothing."""
        from finetuner.engine.run_store.runs import trash

        try:
            trash(run)
        except FinetunerError as error:
            return str(error)
        if self._session.run == run:
            self._session.set_run(None)
        self.refresh()
        return ""

    def _reading(self) -> LocalTask:
        """Called in the thread that reads."""
        from finetuner.gui.session.listing import listing

        return LocalTask(listing(self.root))

    def _comparing(self, first: Path, second: Path) -> LocalTask:
        """Called in the thread that compares."""
        from finetuner.gui.session.listing import comparing

        return LocalTask(comparing(first, second))

    def _on_event(self, event: Event) -> None:
        from finetuner.engine.events import Failed, Notice
        from finetuner.gui.session.listing import RunsListed

        match event:
            case RunsListed():
                self.infos = event.runs
                self.listed.emit(self.infos)
            case Failed():
                told = Notice(sentence=event.sentence, next_step=event.next_step, level="warning")
                self._session.noticed.emit(told)

    def _on_comparison(self, pair: tuple[Path, Path], event: Event) -> None:
        from finetuner.engine.events import Failed
        from finetuner.gui.session.listing import RunsCompared

        match event:
            case RunsCompared():
                self.compared.emit(event.found)
            case Failed():
                self.incomparable.emit(pair, event)
