"""A menu of things to use; below a line, ways to get more of them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from finetuner.gui.widgets.wheel import calm


class Choice(QComboBox):
    """`chosen(thing)` when the user picks another thing; picking a way to get more calls its function instead."""

    chosen = Signal(object)

    def __init__(self, name: str, more: Sequence[tuple[str, Callable[[], object]]]) -> None:
        super().__init__(accessibleName=name)
        self.things: list[tuple[str, object]] = []
        self._more = tuple(more)
        self._current: object = None
        calm(self)
        self.activated.connect(self._on_activated)

    @property
    def current(self) -> object:
        """The thing in use, None without one."""
        return self._current

    def offer(self, things: Sequence[tuple[str, object]], current: object = None) -> None:
        """List these, by words and thing; `current` is shown as chosen, without a signal."""
        self.things, self._current = list(things), current
        self.clear()
        for words, _ in self.things:
            self.addItem(words)
        if self.things:
            self.insertSeparator(self.count())
        for words, _ in self._more:
            self.addItem(words)
        self._show_current()

    def _on_activated(self, row: int) -> None:
        if row < len(self.things):
            self._current = self.things[row][1]
            self.chosen.emit(self._current)
        else:
            words = self.itemText(row)
            self._show_current()
            next(function for known, function in self._more if known == words)()

    def _show_current(self) -> None:
        rows = [row for row, (_, thing) in enumerate(self.things) if thing == self._current]
        self.setCurrentIndex(rows[0] if rows else -1)
