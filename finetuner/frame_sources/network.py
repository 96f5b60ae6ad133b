"""A stream from an address that the user typed: `rtsp://…`, `http://…`. Nothing else is contacted by this program."""

from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer, QUrl

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.multimedia import qt_multimedia
from finetuner.frame_sources.pump import Pump
from finetuner.frame_sources.source import SCHEMES
from finetuner.frame_sources.stream import Stream

PATIENCE_MS = 15_000
_CHECK = "Check the address and that the camera is on, then try again."


class NetworkStream(Stream):
    """Frames of a network camera. Fails when it cannot be reached, falls silent, or ends."""

    def __init__(self, address: str, parent: QObject | None = None) -> None:
        self._url = checked(address)
        super().__init__(shown(address), parent)
        self._media = qt_multimedia()
        self._player = self._media.QMediaPlayer(self)
        self._player.setVideoSink(self.sink)
        self._player.mediaStatusChanged.connect(self._status_changed)
        self._player.errorOccurred.connect(lambda _error, text: self._lost(text))
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._lost("no picture comes"))

    def _begin(self) -> None:
        self._patience.start()
        self._player.setSource(self._url)
        self._player.play()

    def _end(self) -> None:
        self._patience.stop()
        self._player.stop()
        self._player.setSource(QUrl())

    def _frame_came(self) -> None:
        """The wait for the next one begins: a camera that is switched off falls silent without a word."""
        self._patience.start()

    def _status_changed(self, status: Any) -> None:
        if status == self._media.QMediaPlayer.MediaStatus.EndOfMedia:
            self._finish()

    def _lost(self, reason: str) -> None:
        told = reason.strip().rstrip(".") or "it does not answer"
        self._fail(f"The stream {self.name} cannot be shown: {told}.", _CHECK)


class NetworkSource(Pump):
    """`with NetworkSource("rtsp://camera.local/1") as frames: ...`; frames for which there is no time are left out."""

    def __init__(self, address: str) -> None:
        super().__init__(lambda: NetworkStream(address))


def checked(address: str) -> QUrl:
    """The address to open. Raises FinetunerError when it is none."""
    url = QUrl(address.strip(), QUrl.ParsingMode.StrictMode)
    if url.scheme().lower() not in SCHEMES or not url.isValid() or not url.host():
        raise FinetunerError("This is no address of a stream.", "It looks like: rtsp://192.168.1.20/stream.")
    return url


def shown(address: str) -> str:
    """The address as it may be told: passwords and keys stay out."""
    parts = urlsplit(address.strip())
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
