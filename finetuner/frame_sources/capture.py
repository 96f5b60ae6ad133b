"""What a screen and a window have in common: a picture of what is shown, and ways in which there is none."""

from typing import Any

from PySide6.QtCore import QObject, QTimer

from finetuner.frame_sources.capture_hardware import CaptureHardware
from finetuner.frame_sources.stream import Stream

PATIENCE_MS = 6000
APART_MS = 67
"""15 frames a second: a screen gives as many as it is refreshed, and each costs a picture of the whole screen."""
_ALLOW = "Allow this program to record the screen in the system's privacy settings, then try again."


class CaptureStream(Stream):
    """Frames of what `hardware` shows. Fails when it is refused, or when no picture comes."""

    def __init__(self, name: str, hardware: CaptureHardware, parent: QObject | None = None) -> None:
        super().__init__(name, parent)
        self._hardware = hardware
        self._hardware.refused.connect(self._refused)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._refused(""))
        self._pace = QTimer(self, singleShot=True, interval=APART_MS)
        self._pace.timeout.connect(self._go_on)
        self._held = False

    def _watch(self, number: int) -> None:
        self._patience.start()
        self._hardware.open(number, self.sink)

    def _end(self) -> None:
        self._patience.stop()
        self._pace.stop()
        self._held = False
        self._hardware.close()

    def _pass_on(self, video_frame: Any) -> None:
        """One that comes too early waits, since no other may follow: a system need not show what does not change."""
        if self._pace.isActive():
            self._held = True
        elif self._running:
            self._pace.start()
            super()._pass_on(video_frame)

    def _go_on(self) -> None:
        held, self._held = self._held, False
        if held:
            self._pass_on(self.sink.videoFrame())

    def _frame_came(self) -> None:
        self._patience.stop()

    def _refused(self, reason: str) -> None:
        detail = f": {reason.strip().rstrip('.')}" if reason.strip() else "; no picture comes"
        self._fail(f"The {self.name} cannot be looked at{detail}.", _ALLOW)
