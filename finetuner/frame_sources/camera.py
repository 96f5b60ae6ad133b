"""A camera. Every way it can be missing has its own sentence."""

from PySide6.QtCore import QObject, QTimer

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.camera_hardware import Camera, Format, Hardware, QtHardware
from finetuner.frame_sources.pump import Pump
from finetuner.frame_sources.stream import Stream

PATIENCE_MS = 6000
_BUSY = "Close other programs that use it (video calls, browsers), then try again."
_SETTINGS = "Allow this program to use the camera in the system's privacy settings, then try again."
_PLUG = "Plug one in, or choose a video file or images."
_SIZES = "Choose another under More, Size of the camera's pictures."


class CameraStream(Stream):
    """Frames of camera `number`, counted from 0; `wanted`: in this format, else in the smallest that suffices.

    Fails when there is no such camera, or it is denied, busy or unplugged, or has no such format.
    """

    def __init__(
        self,
        number: int = 0,
        parent: QObject | None = None,
        hardware: Hardware | None = None,
        wanted: Format | None = None,
    ) -> None:
        super().__init__(f"camera {number}", parent)
        self._number, self._wanted = number, wanted
        self._hardware: Hardware = hardware or QtHardware(self)
        self._hardware.changed.connect(self._look_for_it)
        self._hardware.refused.connect(self._refused)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._no_picture)
        self._camera: Camera | None = None

    def _begin(self) -> None:
        match self._hardware.permission():
            case "undetermined":
                self._hardware.ask(self._permission_answered)
            case "denied":
                self._fail("This program may not use the camera.", _SETTINGS)
            case "granted":
                self._open()

    def _permission_answered(self) -> None:
        if not self._running:
            return
        if self._hardware.permission() == "granted":
            self._open()
        else:
            self._fail("This program may not use the camera.", _SETTINGS)

    def _open(self) -> None:
        plugged = self._hardware.cameras()
        if not plugged:
            self._fail("No camera was found.", _PLUG)
        elif self._number >= len(plugged):
            self._fail(f"There is no camera {self._number}.", f"There are: {_listed(plugged)}.")
        else:
            self._use(plugged[self._number])

    def _use(self, camera: Camera) -> None:
        self._camera, self.name = camera, camera.name
        if self._wanted is None or self._wanted in camera.formats:
            self._patience.start()
            self._hardware.open(camera, self.sink, self._wanted)
        else:
            self._fail(f"The camera {self.name} has no pictures of {self._wanted}.", _SIZES)

    def _end(self) -> None:
        self._patience.stop()
        self._camera = None
        self._hardware.close()

    def _frame_came(self) -> None:
        self._patience.stop()

    def _look_for_it(self) -> None:
        """A camera came or went: was it ours?"""
        keys = {camera.key for camera in self._hardware.cameras()}
        if self._camera is not None and self._camera.key not in keys:
            self._fail(f"The camera {self.name} was unplugged.", "Plug it in again, then try again.")

    def _refused(self, reason: str) -> None:
        detail = f": {reason.strip().rstrip('.')}" if reason.strip() else ""
        self._fail(f"The camera {self.name} could not be used{detail}.", _BUSY)

    def _no_picture(self) -> None:
        self._fail(f"The camera {self.name} gives no picture; another program may be using it.", _BUSY)


class CameraSource(Pump):
    """`with CameraSource("0") as frames: ...`; frames for which there is no time are left out."""

    def __init__(self, number: str) -> None:
        super().__init__(lambda: CameraStream(int(number)))


def list_cameras() -> list[Camera]:
    """Cameras plugged in now. Raises FinetunerError when this system lacks QtMultimedia."""
    return QtHardware().cameras()


def camera_report() -> str:
    """One line for the doctor: which cameras there are, or why none can be used."""
    try:
        return _listed(list_cameras()) or "none found"
    except FinetunerError as error:
        return str(error)


def _listed(cameras: list[Camera]) -> str:
    return ", ".join(f"{camera.number} ({camera.name})" for camera in cameras)
