"""The contract of a launcher."""

from collections.abc import Iterator
from typing import Protocol

from finetuner.engine.events import Event
from finetuner.engine.requests import Request


class Task(Protocol):
    """A request at work. Walk it once, in one thread; the last event is the result, or `Failed`."""

    def __iter__(self) -> Iterator[Event]:
        """The events as they happen; never raises for trouble in the work."""
        ...

    def stop(self) -> None:
        """Ask it to end after the step at hand; safe from any thread, harmless when it has ended."""
        ...

    def leave(self) -> None:
        """Stop listening, from any thread: training in a process of its own goes on, anything else stops."""
        ...


class Launcher(Protocol):
    """Starts requests somewhere."""

    def start(self, request: Request) -> Task:
        """Begin; returns at once."""
        ...

    def close(self) -> None:
        """Give up what is held, work under way included. Training in a process of its own goes on."""
        ...
