"""What a screen and a window have in common: a picture of what is shown, and ways in which there is none."""

from PySide6.QtCore import QObject, QTimer

from finetuner.frame_sources.capture_hardware import CaptureHardware
from finetuner.frame_sources.stream import Stream

PATIENCE_MS = 6000
_ALLOW = "Allow this program to record the screen in the system's privacy settings, then try again."


class CaptureStream(Stream):
    """Frames of what `hardware` shows. Fails when it is refused, or when no picture comes."""

    def __init__(self, name: str, hardware: CaptureHardware, parent: QObject | None = None) -> None:
        super().__init__(name, parent)
        self._hardware = hardware
        self._hardware.refused.connect(self._refused)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._refused(""))

    def _watch(self, number: int) -> None:
        self._patience.start()
        self._hardware.open(number, self.sink)

    def _end(self) -> None:
        self._patience.stop()
        self._hardware.close()

    def _frame_came(self) -> None:
        self._patience.stop()

    def _refused(self, reason: str) -> None:
        detail = f": {reason.strip().rstrip('.')}" if reason.strip() else "; no picture comes"
        self._fail(f"The {self.name} cannot be looked at{detail}.", _ALLOW)
