"""Something that can be taken back."""

from dataclasses import dataclass
from typing import Literal

from finetuner.gui.bridge.teaching import LessonTask


@dataclass(frozen=True)
class Done:
    """A burst that was recorded, or a class that was removed."""

    kind: Literal["recording", "removal"]
    token: str

    def undo(self, task: LessonTask) -> None:
        """Have it taken back."""
        if self.kind == "recording":
            task.undo(self.token)
        else:
            task.restore(self.token)
