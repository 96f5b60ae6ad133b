"""What a video and a camera have in common: a Qt object that emits frames as they come."""

import time
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.frame import Frame
from finetuner.frame_sources.multimedia import qt_multimedia

SHORT_SIDE = 480
"""Larger frames are scaled down to it: twice what most networks see, and a 4K frame costs no more than a small one."""
_MICROSECONDS = 1e-6


class Stream(QObject):
    """Give frames to a window (connect `arrived`) or to `pump`. Lives in the thread that made it.

    After `failed` or `ended` nothing more arrives until it is started again. Raises FinetunerError when this
    system lacks QtMultimedia.
    """

    arrived = Signal(object)
    """A `Frame`."""
    ended = Signal()
    """The last frame has arrived."""
    failed = Signal(object)
    """A `FinetunerError`."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.sink = qt_multimedia().QVideoSink(self)
        self.sink.videoFrameChanged.connect(self._pass_on)
        self._running = False
        self._last: Any = None

    def start(self) -> None:
        """Begin; returns at once. Trouble comes as `failed`."""
        self._running = True
        self._begin()

    def stop(self) -> None:
        """End and release the device or file; harmless when nothing runs. No signal follows."""
        if self._running:
            self._running, self._last = False, None
            self._end()

    def _begin(self) -> None:
        """Open the source and connect it with `sink`."""

    def _end(self) -> None:
        """Let go of it."""

    def _fail(self, sentence: str, next_step: str = "") -> None:
        if self._running:
            self.stop()
            self.failed.emit(FinetunerError(sentence, next_step))

    def _finish(self) -> None:
        if self._last is not None:
            self._hand_on(self._last, time.monotonic())
        if self._running:
            self.stop()
            self.ended.emit()

    def _pass_on(self, video_frame: Any) -> None:
        """A frame that waited while a newer one came is left out: a window that was held up does not lag behind.

        At the end the sink is emptied at once: which of those that still wait is the newest shows when all have come.
        """
        arrived, newest = time.monotonic(), self.sink.videoFrame()
        if not self._running or not video_frame.isValid():
            return
        if video_frame == newest:
            self._hand_on(video_frame, arrived)
        elif not newest.isValid():
            self._last = video_frame

    def _hand_on(self, video_frame: Any, arrived: float) -> None:
        self._last = None
        image = self._cut(video_frame.toImage())
        if self._running and not image.isNull():
            self._frame_came()
            seconds = max(video_frame.startTime(), 0) * _MICROSECONDS
            self.arrived.emit(Frame(pixels_of(image), f"{self.name} {seconds:.2f} s", seconds, arrived))

    def _cut(self, image: QImage) -> QImage:
        """What of the picture counts; for a subclass that looks at a part."""
        return image

    def _frame_came(self) -> None:
        """For a subclass that waits for the first one."""


def pixels_of(image: QImage) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """A QImage as uint8 H x W x 3 (RGB), its short side at most `SHORT_SIDE`, in memory of its own."""
    small = _scaled(image).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), small.bytesPerLine())
    return rows[:, : small.width() * 3].reshape(small.height(), small.width(), 3).copy()


def _scaled(image: QImage) -> QImage:
    short = min(image.width(), image.height())
    if short <= SHORT_SIDE:
        return image
    width, height = (round(side * SHORT_SIDE / short) for side in (image.width(), image.height()))
    return image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
