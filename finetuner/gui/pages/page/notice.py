"""The notice bar: trouble (or good news) is a sentence in the page, with a next step; never a box in the way."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from finetuner.gui import theme

_SYMBOLS = {"info": "info", "good": "good", "warning": "warning", "error": "error"}
_COLOURS = {"info": "accent", "good": "good", "warning": "warning", "error": "bad"}


class NoticeBar(QFrame):
    """One notice at a time; hidden while there is none. `dismissed`: the user took it away."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = QLabel()
        self._text = QLabel(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.buttons: list[QPushButton] = []
        self._buttons = QHBoxLayout()
        self._close = QToolButton(icon=theme.icon("close"), accessibleName=self.tr("Dismiss"), clicked=self._dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GRID + theme.HALF, theme.GRID, theme.GRID, theme.GRID)
        layout.setSpacing(theme.GRID)
        for part in (self._symbol, self._text):
            layout.addWidget(part)
        layout.addLayout(self._buttons)
        layout.addWidget(self._close)
        layout.setStretch(1, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says; empty while it is hidden."""
        return self._text.text() if not self.isHidden() else ""

    def tell(
        self,
        sentence: str,
        next_step: str = "",
        level: str = "info",
        actions: tuple[tuple[str, Callable[[], object]], ...] = (),
    ) -> None:
        """Show a notice. `level` is info, good, warning or error; `actions` are buttons: words and slot."""
        theme.set_role(self, f"notice-{level}")
        self._symbol.setPixmap(theme.pixmap(_SYMBOLS[level], theme.ICON, _COLOURS[level]))
        self._text.setText(f"{sentence} {next_step}".strip())
        self._set_actions(actions)
        self.setAccessibleName(self._text.text())
        self.show()
        self._alert()

    def _alert(self) -> None:
        """Have a screen reader say it. These classes are made when they are named: not before the first paint."""
        from PySide6.QtGui import QAccessible, QAccessibleEvent

        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def clear(self) -> None:
        """Take the notice away."""
        self._set_actions(())
        self.hide()

    def _dismiss(self) -> None:
        self.clear()
        self.dismissed.emit()

    def _set_actions(self, actions: tuple[tuple[str, Callable[[], object]], ...]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.buttons = [theme.button(words, "quiet") for words, _ in actions]
        for button, (_, slot) in zip(self.buttons, actions, strict=True):
            button.clicked.connect(lambda _=False, slot=slot: slot())
            self._buttons.addWidget(button)
