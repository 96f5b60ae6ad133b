"""Follows a run that somebody else trains: its folder tells everything."""

import threading
from collections.abc import Iterator
from pathlib import Path

from finetuner.engine.events import Event, Failed, RunEnded
from finetuner.engine.launchers.launcher import Task
from finetuner.engine.run_store.run_folder import RunFolder

_INTERVAL = 0.2


class Watch:
    """Replays a run's log from its beginning, then follows it until the run ends or its trainer is gone."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._stopped = threading.Event()

    def __iter__(self) -> Iterator[Event]:
        """The run's events; `Failed` when its trainer died without a word."""
        offset, ended = 0, False
        while not ended and not self._stopped.is_set():
            alive = self._run.lock.held
            events, offset = self._run.events.follow(offset)
            yield from events
            ended = not alive
            if alive:
                self._stopped.wait(_INTERVAL)
            elif not (events and isinstance(events[-1], RunEnded)):
                yield from self._last_word()

    def stop(self) -> None:
        """Stop following; the run goes on."""
        self._stopped.set()

    def leave(self) -> None:
        """Stop following; the run goes on."""
        self.stop()

    def _last_word(self) -> Iterator[Event]:
        """A trainer that ended properly has said so in the log."""
        log = [entry.event for entry in self._run.events.entries()]
        if not (log and isinstance(log[-1], RunEnded)):
            yield Failed(
                sentence=f"The training of {self._run.path.name} ended unexpectedly.",
                next_step="Press Resume: it goes on from its last checkpoint.",
            )


def attach(run: Path) -> Task:
    """Follow the run in this folder. Raises FinetunerError when the folder holds none."""
    return Watch(RunFolder.open(run))
