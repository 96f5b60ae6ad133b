"""A video file, played at its own speed without sound."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal

from finetuner.engine.dataset.names import readable
from finetuner.frame_sources.frame import Frame
from finetuner.frame_sources.multimedia import qt_multimedia
from finetuner.frame_sources.pump import Pump
from finetuner.frame_sources.stream import Stream

_USUAL_RATE = 25.0


class VideoStream(Stream):
    """Frames of a file. `repeat` starts over at the end, as a live page wants."""

    paused_changed = Signal(bool)

    def __init__(self, path: str, repeat: bool = False, parent: QObject | None = None) -> None:
        super().__init__(Path(path).name, parent)
        self._path = path
        self._media = qt_multimedia()
        self._player = self._media.QMediaPlayer(self)
        self._player.setVideoSink(self.sink)
        loops = self._media.QMediaPlayer.Loops
        self._player.setLoops(loops.Infinite if repeat else loops.Once)
        self._player.mediaStatusChanged.connect(self._status_changed)
        self._player.errorOccurred.connect(self._error_occurred)
        self.arrived.connect(self._remember)
        self._shown = 0.0

    @property
    def duration(self) -> float:
        """Seconds; 0 while it is not known."""
        return float(self._player.duration()) / 1000

    @property
    def paused(self) -> bool:
        """Whether one frame stays."""
        return bool(self._player.playbackState() == self._media.QMediaPlayer.PlaybackState.PausedState)

    def pause(self, paused: bool) -> None:
        """Stay at this frame, or go on."""
        if self._running and paused != self.paused:
            (self._player.pause if paused else self._player.play)()
            self.paused_changed.emit(paused)

    def seek(self, seconds: float) -> None:
        """Go to the frame that is seen at this time; it arrives also while it is paused."""
        if self._running:
            self._player.setPosition(round(max(seconds, 0.0) * 1000))

    def step(self, frames: int) -> None:
        """Pause, and go so many frames on; back where it is negative."""
        rate = self._player.metaData().value(self._media.QMediaMetaData.Key.VideoFrameRate) or _USUAL_RATE
        self.pause(True)
        self.seek(self._shown + (frames + 0.5) / float(rate))  # the middle of a frame is surely in it

    def _begin(self) -> None:
        self._player.setSource(QUrl.fromLocalFile(str(Path(self._path).absolute())))
        self._player.play()

    def _end(self) -> None:
        self._player.stop()
        self._player.setSource(QUrl())

    def _remember(self, frame: Frame) -> None:
        self._shown = frame.seconds

    def _status_changed(self, status: Any) -> None:
        known = self._media.QMediaPlayer.MediaStatus
        if status == known.LoadedMedia and not self._player.hasVideo():
            self._refuse("it holds no pictures")
        elif status == known.InvalidMedia:
            self._refuse("it is no video, or of a kind that is not supported here")
        elif status == known.EndOfMedia:
            self._finish()

    def _error_occurred(self, _error: Any, text: str) -> None:
        self._refuse(text.strip().rstrip(".") or "it cannot be played")

    def _refuse(self, reason: str) -> None:
        self._fail(
            f"The video {readable(self.name)} cannot be used: {reason}.", "MP4, WebM and MJPEG files usually work."
        )


class VideoSource(Pump):
    """`with VideoSource("bees.mp4") as frames: ...`; frames for which there is no time are left out."""

    def __init__(self, path: str) -> None:
        super().__init__(lambda: VideoStream(path))
