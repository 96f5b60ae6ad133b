"""What the screen and window streams ask of the machine; QtMultimedia's answer. Tests put their own in its place."""

import os
import sys
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QGuiApplication

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.multimedia import qt_multimedia


class CaptureHardware(Protocol):
    """Screens or windows that can be looked at. `refused` is emitted with the system's reason."""

    refused: Any

    def names(self) -> list[str]:
        """Those there are now."""
        ...

    def open(self, number: int, sink: QObject) -> None:
        """Send what one of them shows to a QVideoSink."""
        ...

    def close(self) -> None:
        """Look no more."""
        ...


class QtScreens(QObject):
    """Screens through QtMultimedia. Raises FinetunerError when this system lacks it, or has no screen."""

    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        ensure_screen()
        media = qt_multimedia()
        self._session, self._capture = media.QMediaCaptureSession(self), media.QScreenCapture(self)
        self._capture.errorOccurred.connect(lambda _error, text: self.refused.emit(text))

    def names(self) -> list[str]:
        """The screens' names."""
        return [screen.name() for screen in QGuiApplication.screens()]

    def open(self, number: int, sink: QObject) -> None:
        """Send what a screen shows to a QVideoSink."""
        self._capture.setScreen(QGuiApplication.screens()[number])
        self._session.setScreenCapture(self._capture)
        self._session.setVideoSink(sink)
        self._capture.start()

    def close(self) -> None:
        """Look no more."""
        self._capture.stop()
        self._session.setScreenCapture(None)


class QtWindows(QObject):
    """Windows of any program, through QtMultimedia. Raises FinetunerError as `QtScreens` does."""

    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        ensure_screen()
        self._media = qt_multimedia()
        self._session, self._capture = self._media.QMediaCaptureSession(self), self._media.QWindowCapture(self)
        self._capture.errorOccurred.connect(lambda _error, text: self.refused.emit(text))
        self._windows: list[Any] = []

    def names(self) -> list[str]:
        """Their titles. Some systems let no program know them."""
        self._windows = [window for window in self._media.QWindowCapture.capturableWindows() if window.description()]
        return [window.description() for window in self._windows]

    def open(self, number: int, sink: QObject) -> None:
        """Send what a window shows to a QVideoSink; `number` as `names` told last."""
        self._capture.setWindow(self._windows[number])
        self._session.setWindowCapture(self._capture)
        self._session.setVideoSink(sink)
        self._capture.start()

    def close(self) -> None:
        """Look no more."""
        self._capture.stop()
        self._session.setWindowCapture(None)


_applications: list[QGuiApplication] = []
"""Kept for the life of the process, as every application of Qt's is."""


def ensure_screen() -> None:
    """There is an application that knows the screens. Raises FinetunerError where none can be."""
    if QCoreApplication.instance() is None:
        if sys.platform.startswith("linux") and not any(
            os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        ):
            raise FinetunerError("There is no screen here.", "Run it in a desktop session.")
        _applications.append(QGuiApplication([]))
    if not isinstance(QCoreApplication.instance(), QGuiApplication):
        raise FinetunerError("This program was started without a screen.", "Look at the screen in a run of its own.")
