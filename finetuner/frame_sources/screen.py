"""A screen, or a part of one: `screen`, `screen:1`, `screen:0:100,80,640,480` (left, top, width, height in pixels)."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QImage

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.capture import CaptureStream
from finetuner.frame_sources.capture_hardware import CaptureHardware, QtScreens, ensure_screen
from finetuner.frame_sources.pump import Pump

_FORM = re.compile(r"screen(?::(\d{1,2})(?::(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5}))?)?")


@dataclass(frozen=True)
class Region:
    """A screen's number, counted from 0, and a part of it in its own pixels; None: all of it."""

    number: int = 0
    part: tuple[int, int, int, int] | None = None

    @classmethod
    def parse(cls, text: str) -> "Region":
        """What the user typed. Raises FinetunerError when it names no part of a screen."""
        found = _FORM.fullmatch(text)
        sides = tuple(int(side) for side in found.groups()[1:] if side) if found else ()
        if found is None or (sides and 0 in sides[2:]):
            raise FinetunerError(f"{text} names no part of a screen.", "It looks like: screen:0:100,80,640,480.")
        left, top, width, height = sides or (0, 0, 0, 0)
        return cls(int(found[1] or 0), (left, top, width, height) if sides else None)

    def __str__(self) -> str:
        return f"screen:{self.number}" + (":" + ",".join(map(str, self.part)) if self.part else "")


class ScreenStream(CaptureStream):
    """Frames of what a screen shows. Fails when there is none such, or the system refuses."""

    def __init__(self, text: str, parent: QObject | None = None, hardware: CaptureHardware | None = None) -> None:
        self.region = Region.parse(text)
        super().__init__(f"screen {self.region.number}", hardware or QtScreens(), parent)

    def _begin(self) -> None:
        screens = self._hardware.names()
        if self.region.number < len(screens):
            self._watch(self.region.number)
        else:
            there = ", ".join(f"{number} ({name})" for number, name in enumerate(screens))
            self._fail(f"There is no screen {self.region.number}.", f"There are: {there}." if there else "")

    def _cut(self, image: QImage) -> QImage:
        if self.region.part is None:
            return image
        inside = QRect(*self.region.part) & image.rect()
        if inside.isEmpty():
            self._fail("The chosen part is not on the screen any more.", "Choose another.")
        return image.copy(inside)


class ScreenSource(Pump):
    """`with ScreenSource("screen:0") as frames: ...`; never ends by itself."""

    def __init__(self, text: str) -> None:
        super().__init__(lambda: ScreenStream(text), ensure_screen)
