"""A Qt stream as a `with` block, for programs that have no window and no event loop of their own."""

import time
from collections.abc import Callable, Iterator
from types import TracebackType

from PySide6.QtCore import QCoreApplication

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.frame import Frame
from finetuner.frame_sources.stream import Stream

_POLL_SECONDS = 0.005
_applications: list[QCoreApplication] = []
"""Kept for the life of the process: Qt's media threads do not outlive their application in peace."""


class Pump:
    """Runs Qt's events while it waits for a frame. The newest frame wins when the walker is slow.

    `prepare` makes the application that the stream needs.
    """

    def __init__(self, make: Callable[[], Stream], prepare: Callable[[], object] | None = None) -> None:
        self._make, self._prepare = make, prepare or ensure_application
        self._newest: Frame | None = None
        self._over = False
        self._trouble: FinetunerError | None = None

    def __enter__(self) -> Iterator[Frame]:
        self._prepare()
        self._stream = self._make()
        self._stream.arrived.connect(self._keep)
        self._stream.ended.connect(self._end)
        self._stream.failed.connect(self._fail)
        self._stream.start()
        return self._frames()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stream.stop()
        self._stream.deleteLater()
        QCoreApplication.processEvents()

    def _frames(self) -> Iterator[Frame]:
        while True:
            QCoreApplication.processEvents()
            frame, self._newest = self._newest, None
            if frame is not None:
                yield frame
            elif self._trouble is not None:
                raise self._trouble
            elif self._over:
                return
            else:
                time.sleep(_POLL_SECONDS)

    def _keep(self, frame: Frame) -> None:
        self._newest = frame

    def _end(self) -> None:
        self._over = True

    def _fail(self, error: FinetunerError) -> None:
        self._trouble = error


def ensure_application() -> None:
    """There is an application, without a screen if need be."""
    if QCoreApplication.instance() is None:
        _applications.append(QCoreApplication([]))
