"""A sentence in the page, with a next step: for what went wrong, and for what is good to know."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.tool_button import tool_button

Level = Literal["info", "good", "warning", "error"]
Action = tuple[str, Callable[[], object]]
_COLOURS = {"info": "accent", "good": "good", "warning": "warning", "error": "bad"}


class NoticeBar(QFrame):
    """Hidden until `show_notice`. With an action it has one button; it can always be closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level: Level = "info"
        self._sign = QLabel()
        self._sentence, self._next_step = _words("strong"), _words("body")
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        self._action: Callable[[], object] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._lay_out()
        self.hide()

    def show_notice(
        self, sentence: str, next_step: str = "", level: Level = "info", action: Action | None = None
    ) -> None:
        """Say what happened and what to do; `action` is a button's text and its slot."""
        self.level = level
        self._sentence.setText(sentence)
        self._next_step.setText(next_step)
        self._next_step.setVisible(bool(next_step))
        text, self._action = action or ("", None)
        self._button.setText(text)
        self._button.setVisible(action is not None)
        self.setAccessibleName(f"{level.capitalize()}: {sentence} {next_step}".strip())
        theme.set_role(self, f"notice-{level}")
        self._draw_sign()
        self.show()

    def text(self) -> str:
        """What it says now; empty while hidden."""
        return "" if self.isHidden() else f"{self._sentence.text()} {self._next_step.text()}".strip()

    def clear(self) -> None:
        """Say nothing."""
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not self.isHidden():
            self._draw_sign()

    def _draw_sign(self) -> None:
        self._sign.setPixmap(theme.pixmap(self.level, theme.ICON, _COLOURS[self.level]))

    def _act(self) -> None:
        action = self._action
        self.hide()
        if action is not None:
            action()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sentence)
        words.addWidget(self._next_step)
        close = tool_button("close", "Close this notice", self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP, 10, theme.GRID, 10)
        layout.setSpacing(12)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(words, 1)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)


def _words(role: str) -> QLabel:
    label = theme.label("", role, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
