"""Number keys that are held. A key that repeats itself was pressed once; whatever takes the focus away lets go."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

_FIRST, _LAST = int(Qt.Key.Key_1), int(Qt.Key.Key_9)
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class NumberKeys(QObject):
    """`pressed(number)` and `released()` for 1 to 9 while `listens()`, wherever on the window the focus is.

    Text fields keep their digits: only what nobody wanted reaches the window. Drop-downs would take them for a search.
    """

    pressed = Signal(int)
    released = Signal()

    def __init__(self, page: QWidget, listens: Callable[[], bool]) -> None:
        super().__init__(page)
        self._page, self._listens = page, listens
        self._held = 0
        self._window: QWidget | None = None
        for field in page.findChildren(QComboBox):
            field.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self.let_go)

    def follow_window(self) -> None:
        """The page may have come into another window."""
        if self._window is not self._page.window():
            self._window = self._page.window()
            self._window.installEventFilter(self)

    def let_go(self) -> None:
        """Whatever is held is held no more."""
        if self._held:
            self._held = 0
            self.released.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the digits, let everything else pass."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self.let_go()
        return event.type() in _KEYS and isinstance(event, QKeyEvent) and self._take(event)

    def _take(self, event: QKeyEvent) -> bool:
        if not _FIRST <= event.key() <= _LAST or event.modifiers() not in _PLAIN:
            return False
        if not (self._held or (self._page.isVisible() and self._listens())):
            return False
        if not event.isAutoRepeat():
            self._turn(event.key() - _FIRST + 1, event.type() == QEvent.Type.KeyPress)
        return True

    def _turn(self, number: int, down: bool) -> None:
        if down and not self._held:
            self._held = number
            self.pressed.emit(number)
        elif not down and number == self._held:
            self.let_go()
