"""Runs a request inside the thread that walks its task."""

import threading
from collections.abc import Iterator

from finetuner.engine.events import Event
from finetuner.engine.launchers.launcher import Task
from finetuner.engine.launchers.tasks import told
from finetuner.engine.requests import Request


class HereTask:
    """The engine's generator itself; stopping closes it between two events."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._stopped = threading.Event()

    def __iter__(self) -> Iterator[Event]:
        """Walk the generator; after `stop` it is closed, which saves and frees the device."""
        return told(self._request, self._stopped.is_set)

    def stop(self) -> None:
        """End after the event at hand."""
        self._stopped.set()

    def leave(self) -> None:
        """Nothing here outlives its listener."""
        self.stop()


class HereLauncher:
    """No other process: what the caller's thread does."""

    def start(self, request: Request) -> Task:
        """A task that works while it is walked."""
        return HereTask(request)

    def close(self) -> None:
        """Nothing is held."""
