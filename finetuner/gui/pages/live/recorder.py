"""What is shown, as a video file with the labels burnt in."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QImage

from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import replacing, sync_file
from finetuner.frame_sources.multimedia import qt_multimedia

SUFFIX = ".mp4"
PATIENCE_MS = 5000


class Recorder(QObject):
    """`start(file)`, `add(image)` for each picture, `stop()`; then `saved(file)`, or `failed(FinetunerError)`.

    The file appears when it is whole. Pictures for which the encoder has no time are left out.
    """

    changed = Signal()
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._target: Path | None = None
        self._pending = ExitStack()
        self._size = QSize()
        self._taken = 0
        self._begun = 0.0
        self._session: Any = None
        self._recorder: Any = None
        self._input: Any = None

    @property
    def running(self) -> bool:
        """Whether pictures are wanted."""
        return self._target is not None

    def start(self, target: Path) -> None:
        """Begin a video. Raises FinetunerError where none can be written."""
        self._media = qt_multimedia()
        chosen = self._format()
        try:
            temporary = self._pending.enter_context(replacing(target))
        except OSError as error:
            raise FinetunerError(f"{target.parent} cannot be written to: {error.strerror}.") from error
        self._temporary, self._target, self._size, self._taken = temporary, target, QSize(), 0
        self._session, self._input = self._media.QMediaCaptureSession(self), self._media.QVideoFrameInput(self)
        self._recorder = self._media.QMediaRecorder(self)
        self._recorder.setMediaFormat(chosen)
        self._recorder.setOutputLocation(QUrl.fromLocalFile(str(temporary)))
        self._recorder.errorOccurred.connect(lambda _error, text: self._fail(text))
        self._session.setRecorder(self._recorder)
        self._session.setVideoFrameInput(self._input)
        self._recorder.record()
        self._begun = self._clock()
        self.changed.emit()

    @property
    def taken(self) -> int:
        """How many pictures the encoder has taken."""
        return self._taken

    def add(self, image: QImage) -> None:
        """One more picture; all are brought to the size of the first."""
        if not self.running:
            return
        if self._size.isEmpty():
            self._size = QSize(image.width() // 2 * 2, image.height() // 2 * 2)  # encoders want even sides
        frame = self._media.QVideoFrame(self._fitted(image))
        frame.setStartTime(round((self._clock() - self._begun) * 1_000_000))
        self._taken += self._input.sendVideoFrame(frame)

    def stop(self) -> None:
        """End the video and put it in its place; harmless when none is made."""
        if not self.running:
            return
        self._wait(self._recorder.durationChanged, lambda: not self._taken or self._recorder.duration() > 0)
        self._recorder.stop()
        stopped = self._media.QMediaRecorder.RecorderState.StoppedState
        self._wait(self._recorder.recorderStateChanged, lambda: self._recorder.recorderState() == stopped)
        if self.running and not self._holds_pictures():
            self._fail("no picture came")
        elif self.running:
            self._finish()

    def _holds_pictures(self) -> bool:
        return self._taken > 0 and self._temporary.is_file() and self._temporary.stat().st_size > 0

    def _wait(self, signal: Any, holds: Callable[[], bool]) -> None:
        """Until the first picture is encoded, or all are: a file that is closed too early cannot be played."""
        loop, clock = QEventLoop(), QTimer(singleShot=True, interval=PATIENCE_MS)
        signal.connect(loop.quit)
        clock.timeout.connect(loop.quit)
        clock.start()
        while self.running and clock.isActive() and not holds():
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def _finish(self) -> None:
        target = self._target
        try:
            sync_file(self._temporary)
            self._pending.close()
        except OSError as error:
            self._fail(error.strerror or str(error))
        else:
            self._let_go()
            self.saved.emit(target)

    def _fail(self, reason: str) -> None:
        if self.running:
            sentence = f"The video could not be recorded: {reason.strip().rstrip('.') or 'it cannot be encoded'}."
            error = FinetunerError(sentence, "Save single pictures instead.")
            self._pending.__exit__(FinetunerError, error, None)  # what there is of the file goes away
            self._let_go()
            self.failed.emit(error)

    def _let_go(self) -> None:
        self._pending, self._target = ExitStack(), None
        for part in (self._recorder, self._input, self._session):
            part.deleteLater()
        self.changed.emit()

    def _format(self) -> Any:
        """The first container and codec that this system writes. Raises FinetunerError when there is none."""
        formats, codecs = self._media.QMediaFormat.FileFormat, self._media.QMediaFormat.VideoCodec
        known = self._media.QMediaFormat(formats.MPEG4)
        able = known.supportedVideoCodecs(self._media.QMediaFormat.ConversionMode.Encode)
        chosen = next((codec for codec in (codecs.H264, codecs.MPEG4, codecs.MotionJPEG) if codec in able), None)
        if chosen is None:
            raise FinetunerError("This system cannot write videos.", "Save single pictures instead.")
        known.setVideoCodec(chosen)
        return known

    def _fitted(self, image: QImage) -> QImage:
        if image.size() == self._size:
            return image
        smooth = Qt.TransformationMode.SmoothTransformation
        return image.scaled(self._size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
