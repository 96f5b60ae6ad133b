"""The shelf of runs: listed in a thread, since a long run's log takes a while to read."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event
from finetuner.engine.launchers import attach
from finetuner.engine.paths import runs_dir
from finetuner.engine.run_store.runs import RunInfo, list_runs, trash
from finetuner.gui.bridge.local import LocalTask

if TYPE_CHECKING:
    from finetuner.gui.session.session import Session


class RunsListed(Event):
    """All runs, newest first."""

    kind: str = "runs-listed"
    runs: tuple[Any, ...]


class Runs(QObject):
    """All runs in the folder `root`. `refresh` reads them; `listed` carries a tuple of RunInfo, newest first."""

    listed = Signal(object)

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.root = runs_dir()
        self.infos: tuple[RunInfo, ...] = ()

    def refresh(self) -> None:
        """Read the runs folder anew."""
        self._session.calls.start(lambda: LocalTask(_listing(self.root)), self._on_event)

    def follow(self, run: Path) -> None:
        """Watch a run that another process trains."""
        self._session.training.attach(run, attach)

    def discard(self, run: Path) -> str:
        """Move a run to the trash. Returns a sentence when that is refused, else nothing."""
        try:
            trash(run)
        except FinetunerError as error:
            return str(error)
        if self._session.run == run:
            self._session.set_run(None)
        self.refresh()
        return ""

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RunsListed):
            self.infos = event.runs
            self.listed.emit(self.infos)


def _listing(root: Path) -> Iterator[Event]:
    yield RunsListed(runs=tuple(list_runs(root)))
