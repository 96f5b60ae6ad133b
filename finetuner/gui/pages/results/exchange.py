"""One step that can be taken back: a value is exchanged for another."""

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QUndoCommand


class Exchange(QUndoCommand):
    """`hold(after)` now and when redone, `hold(before)` when undone.

    Steps of the same `kind` in a row become one, such as the many of a key that is held; -1 stays alone.
    """

    def __init__(
        self, words: str, before: object, after: object, hold: Callable[[Any], object], kind: int = -1
    ) -> None:
        super().__init__(words)
        self._before, self.after, self._hold, self._kind = before, after, hold, kind

    def redo(self) -> None:
        self._hold(self.after)

    def undo(self) -> None:
        self._hold(self._before)

    def id(self) -> int:
        return self._kind

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, Exchange)
        self.after = other.after
        return True
