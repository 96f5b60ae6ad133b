"""A task that needs no torch runs in the worker thread itself, whatever the launcher."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Flag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from finetuner.engine.events import Event


class LocalTask:
    """Walks a generator of events; `stop` closes it after the event under way."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._stopped = Flag()

    def __iter__(self) -> Iterator[Event]:
        for event in self._events:
            yield event
            if self._stopped.is_set():
                return

    def stop(self) -> None:
        """Stop before the next event."""
        self._stopped.set()

    def leave(self) -> None:
        """Nothing here outlives its listener."""
        self.stop()
