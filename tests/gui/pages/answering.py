"""A launcher whose answers are functions of the request; while it is held, no event comes."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from finetuner.engine.events import Event
from finetuner.engine.requests import Request

Answer = Callable[[Any], Iterable[Event]]


class AnsweringTask:
    def __init__(self, events: Iterable[Event], gate: threading.Event) -> None:
        self._events, self._gate = events, gate
        self.stopped = threading.Event()

    def __iter__(self) -> Iterator[Event]:
        for event in self._events:
            self._gate.wait()
            if self.stopped.is_set():
                return
            yield event

    def stop(self) -> None:
        self.stopped.set()
        self._gate.set()


class AnsweringLauncher:
    """`AnsweringLauncher(explain=answer)`; `asked` are the requests in order."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers
        self.asked: list[Any] = []
        self.tasks: list[AnsweringTask] = []
        self._gate = threading.Event()
        self._gate.set()

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    def start(self, request: Request) -> AnsweringTask:
        self.asked.append(request)
        self.tasks.append(AnsweringTask(self.answers[request.task](request), self._gate))
        return self.tasks[-1]

    def close(self) -> None:
        self.release()
