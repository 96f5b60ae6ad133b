"""A video file, played at its own speed without sound."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl

from finetuner.engine.dataset.names import readable
from finetuner.frame_sources.multimedia import qt_multimedia
from finetuner.frame_sources.pump import Pump
from finetuner.frame_sources.stream import Stream


class VideoStream(Stream):
    """Frames of a file. `repeat` starts over at the end, as a live page wants."""

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

    def _begin(self) -> None:
        self._player.setSource(QUrl.fromLocalFile(str(Path(self._path).absolute())))
        self._player.play()

    def _end(self) -> None:
        self._player.stop()
        self._player.setSource(QUrl())

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
