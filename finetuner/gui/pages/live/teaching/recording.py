"""The frames in sight while a class is held: its examples."""

from secrets import token_hex

from finetuner.engine.teaching.settings import APART
from finetuner.frame_sources.frame import Frame
from finetuner.gui.bridge.teaching import LessonTask


class Recording:
    """`see` every frame; between `hold` and `release` they go to a task. `label`: what is held, nothing: none."""

    def __init__(self) -> None:
        self.label = ""
        self.passed = 0
        """So many frames have shown nothing new, one after the other."""
        self._burst = ""
        self._task: LessonTask | None = None
        self._newest: Frame | None = None
        self._put_at = float("-inf")

    def see(self, frame: Frame) -> None:
        """A frame is in sight."""
        self._newest = frame
        if self.label and frame.arrived - self._put_at >= APART:
            self._put(frame)

    def hold(self, task: LessonTask, label: str) -> str:
        """Record from now on, the frame at hand first; the burst."""
        self.label, self.passed, self._task, self._burst = label, 0, task, token_hex(4)
        if self._newest is not None:
            self._put(self._newest)
        return self._burst

    def release(self) -> None:
        """Record no more."""
        self.label, self._task = "", None

    def forget_frame(self) -> None:
        """What was in sight is not any more."""
        self._newest = None

    def _put(self, frame: Frame) -> None:
        if self._task is not None:
            self._put_at = frame.arrived
            self._task.put(frame.pixels, self.label, self._burst)
