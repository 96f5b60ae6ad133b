"""A window of any program: `window:` and a part of its title."""

from PySide6.QtCore import QObject

from finetuner.engine.dataset.names import readable
from finetuner.frame_sources.capture import CaptureStream
from finetuner.frame_sources.capture_hardware import CaptureHardware, QtWindows, ensure_screen
from finetuner.frame_sources.pump import Pump

PREFIX = "window:"
_OPEN = "Open it, and type a part of its title: window:TITLE."


class WindowStream(CaptureStream):
    """Frames of the first window whose title holds the text. Fails when there is none, or the system refuses."""

    def __init__(self, text: str, parent: QObject | None = None, hardware: CaptureHardware | None = None) -> None:
        self._title = text.removeprefix(PREFIX).strip()
        super().__init__(f"window {readable(self._title)}", hardware or QtWindows(), parent)

    def _begin(self) -> None:
        titles = self._hardware.names()
        found = [number for number, title in enumerate(titles) if self._title.casefold() in title.casefold()]
        if self._title and found:
            self._watch(found[0])
        elif titles:
            self._fail(f"There is no {self.name}.", f"There are: {', '.join(map(readable, titles[:8]))}.")
        else:
            self._fail("This system does not tell which windows there are.", "Look at a part of the screen instead.")


class WindowSource(Pump):
    """`with WindowSource("window:Calculator") as frames: ...`; never ends by itself."""

    def __init__(self, text: str) -> None:
        super().__init__(lambda: WindowStream(text), ensure_screen)
