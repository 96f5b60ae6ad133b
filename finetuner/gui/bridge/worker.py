"""One worker thread for each long call: it walks the events of a launcher's task and repeats them as signals."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from finetuner.engine import events
from finetuner.engine.errors import FinetunerError

if TYPE_CHECKING:
    from finetuner.engine.launchers import Task


class Worker(QThread):
    """Walks one task. `happened` and `ended` arrive in the thread that made the worker, also at plain functions."""

    happened = Signal(object)
    ended = Signal()

    def __init__(self, begin: Callable[[], Task], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._begin = begin
        self._task: Task | None = None
        self._stopping = False
        self._lock = Lock()
        self.finished.connect(self.ended)

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._stopping

    def run(self) -> None:
        """Qt calls this in the new thread."""
        try:
            for event in self._started():
                self.happened.emit(event)
        except FinetunerError as error:
            self.happened.emit(events.Failed(sentence=error.sentence, next_step=error.next_step))
        except (OSError, EOFError, RuntimeError, ValueError) as error:
            self.happened.emit(
                events.Failed(sentence=f"The engine could not be reached: {error}.", details=repr(error))
            )

    def stop(self) -> None:
        """Ask the task to end; returns at once, `ended` follows."""
        with self._lock:
            self._stopping = True
            task = self._task
        if task is not None:
            task.stop()

    def leave(self) -> None:
        """Stop listening; training in a process of its own goes on. `ended` follows."""
        with self._lock:
            task = self._task
        if task is not None:
            task.leave()

    def _started(self) -> Task:
        task = self._begin()
        with self._lock:
            self._task = task
            stopping = self._stopping
        if stopping:
            task.stop()
        return task
