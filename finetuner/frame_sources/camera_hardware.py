"""What the camera stream asks of the machine; QtMultimedia's answer. Tests put their own in its place."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from finetuner.frame_sources.multimedia import qt_multimedia
from finetuner.frame_sources.stream import SHORT_SIDE

SMOOTH = 24.0
"""Frames a second below which a picture is seen to jerk."""
FORMAT = re.compile(r"(\d{1,5})x(\d{1,5})@(\d{1,4}(?:\.\d{1,2})?)")
Permission = Literal["granted", "denied", "undetermined"]


@dataclass(frozen=True, order=True)
class Format:
    """How large a camera's pictures are, and how many there are a second at most."""

    width: int
    height: int
    rate: float

    def __str__(self) -> str:
        """`1280x720@30`, which `parse` reads."""
        return f"{self.width}x{self.height}@{self.rate:g}"

    @classmethod
    def parse(cls, text: str) -> "Format":
        """Raises ValueError when it is none."""
        if (found := FORMAT.fullmatch(text)) is None:
            raise ValueError(f"{text!r} is no format of a camera")
        return cls(int(found[1]), int(found[2]), float(found[3]))

    @classmethod
    def of(cls, form: Any) -> "Format":
        """Of a QCameraFormat."""
        return cls(form.resolution().width(), form.resolution().height(), round(float(form.maxFrameRate()), 2))


@dataclass(frozen=True)
class Camera:
    """A camera that is plugged in. `number` is its place in the list, `key` stays the same while others come and go."""

    number: int
    name: str
    key: str
    formats: tuple[Format, ...] = ()

    @classmethod
    def of(cls, number: int, device: Any) -> "Camera":
        """Of a QCameraDevice. Formats that differ only in how pixels are packed are the same to whoever looks."""
        formats = {Format.of(form) for form in device.videoFormats()}
        return cls(number, device.description(), bytes(device.id().data()).hex(), tuple(sorted(formats)))


def enough(formats: Iterable[Any]) -> Any | None:
    """The smallest of a camera's formats (QCameraFormat) that is as large and as quick as a live view needs.

    What a larger one has more would be scaled away, after every pixel was made RGB: at 640 x 480 that takes a third of
    the time it takes at 1280 x 720. Of the same size, one that need not be unpacked from JPEG, and the quickest. None:
    no format is; the camera chooses by itself.
    """

    def cost(form: Any) -> tuple[int, bool, float]:
        size = form.resolution()
        return size.width() * size.height(), _is_packed(form), -form.maxFrameRate()

    def serves(form: Any) -> bool:
        size = form.resolution()
        return bool(min(size.width(), size.height()) >= SHORT_SIDE and form.maxFrameRate() >= SMOOTH)

    return min(filter(serves, formats), key=cost, default=None)


def chosen(formats: Iterable[Any], wanted: Format | None) -> Any | None:
    """The wanted one of a camera's formats (QCameraFormat), unpacked if there is such; without a wish, see `enough`."""
    if wanted is None:
        return enough(formats)
    return min((form for form in formats if Format.of(form) == wanted), key=_is_packed, default=None)


def _is_packed(form: Any) -> bool:
    return bool(form.pixelFormat().name == "Format_Jpeg")


class Hardware(Protocol):
    """Cameras of this machine. `changed` is emitted when one comes or goes, `refused` with the system's reason."""

    changed: Any
    refused: Any

    def cameras(self) -> list[Camera]:
        """Those plugged in now."""
        ...

    def permission(self) -> Permission:
        """Whether the system lets this program use cameras."""
        ...

    def ask(self, answered: Callable[[], None]) -> None:
        """Let the system ask the user; `answered` is called when it has."""
        ...

    def open(self, camera: Camera, sink: QObject, wanted: Format | None = None) -> None:
        """Send the camera's frames to a QVideoSink; in this format, else in the smallest that suffices."""
        ...

    def close(self) -> None:
        """Switch it off."""
        ...


class QtHardware(QObject):
    """Cameras through QtMultimedia. Raises FinetunerError when this system lacks it."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._media = qt_multimedia()
        self._devices = self._media.QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self.changed)
        self._session = self._media.QMediaCaptureSession(self)
        self._camera: Any = None

    def cameras(self) -> list[Camera]:
        """Those plugged in now."""
        return [Camera.of(number, device) for number, device in enumerate(self._media.QMediaDevices.videoInputs())]

    def permission(self) -> Permission:
        """Whether the system lets this program use cameras; where no system asks, it does."""
        from PySide6.QtCore import QCameraPermission

        application = QCoreApplication.instance()
        status = application.checkPermission(QCameraPermission()) if application else Qt.PermissionStatus.Granted
        if status == Qt.PermissionStatus.Undetermined:
            return "undetermined"
        return "granted" if status == Qt.PermissionStatus.Granted else "denied"

    def ask(self, answered: Callable[[], None]) -> None:
        """Let the system ask the user."""
        from PySide6.QtCore import QCameraPermission

        application = QCoreApplication.instance()
        assert application is not None
        application.requestPermission(QCameraPermission(), self, lambda _permission: answered())

    def open(self, camera: Camera, sink: QObject, wanted: Format | None = None) -> None:
        """Send the camera's frames to a QVideoSink; in this format, else in the smallest that suffices."""
        device = self._media.QMediaDevices.videoInputs()[camera.number]
        self._camera = self._media.QCamera(device, self)
        if (form := chosen(device.videoFormats(), wanted)) is not None:
            self._camera.setCameraFormat(form)
        self._camera.errorOccurred.connect(lambda _error, text: self.refused.emit(text))
        self._session.setCamera(self._camera)
        self._session.setVideoSink(sink)
        self._camera.start()

    def close(self) -> None:
        """Switch it off."""
        if self._camera is not None:
            self._camera.stop()
            self._session.setCamera(None)
            self._camera.deleteLater()
            self._camera = None
