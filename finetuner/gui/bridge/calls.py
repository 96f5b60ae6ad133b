"""The long calls under way. A thread must not be destroyed while it runs: this keeps each until it has ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

if TYPE_CHECKING:
    from finetuner.engine.events import Event
    from finetuner.engine.launchers import Task
    from finetuner.gui.bridge.worker import Worker

_PATIENCE_MS = 5_000


class Calls(QObject):
    """Starts workers and owns them. `changed`: one has begun or has ended."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers: set[Worker] = set()
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether any call is under way."""
        return bool(self._workers)

    def busy_besides(self, worker: Worker | None) -> bool:
        """Whether any other call than this one is under way."""
        return bool(self._workers - {worker})

    def start(
        self,
        begin: Callable[[], Task],
        on_event: Callable[[Event], None],
        on_end: Callable[[], object] | None = None,
    ) -> Worker:
        """Run the task that `begin` makes in a thread of its own; the handlers are called in this thread.

        Once closed, nothing begins and no handler is called any more: what it would paint on may be gone.
        """
        from finetuner.gui.bridge.worker import Worker  # the first call comes after the first paint

        worker = Worker(begin)
        if self._closed:
            return worker
        self._workers.add(worker)
        worker.happened.connect(partial(self._tell, on_event))
        if on_end is not None:
            worker.ended.connect(partial(self._tell, on_end))
        worker.ended.connect(partial(self._forget, worker))
        worker.start()
        self.changed.emit()
        return worker

    def stop(self) -> None:
        """Close: stop every task, and wait a little for each to end by itself."""
        self._closed = True
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.wait(_PATIENCE_MS)

    def join(self) -> None:
        """Wait for every thread, however long: one that is destroyed while it runs aborts the program."""
        for worker in self._workers:
            worker.wait()
        self._workers.clear()

    def close(self) -> None:
        """Stop every task, and wait for its thread."""
        self.stop()
        self.join()

    def _tell(self, handler: Callable[..., object], *words: Event) -> None:
        if not self._closed:
            handler(*words)

    def _forget(self, worker: Worker) -> None:
        worker.wait(_PATIENCE_MS)
        self._workers.discard(worker)
        if isValid(self):  # the last word of a thread may come after the window is gone
            self.changed.emit()
