"""The frame of a page: title, subtitle, one obvious next action, a notice bar, and the body."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from finetuner.engine import events
from finetuner.gui import theme
from finetuner.gui.pages.page.empty import Empty
from finetuner.gui.pages.page.notice import NoticeBar
from finetuner.gui.pages.page.vacant import Vacant
from finetuner.gui.session import Session

if TYPE_CHECKING:
    from finetuner.engine.events import Event
    from finetuner.engine.requests import Request
    from finetuner.gui.bridge.worker import Worker


class Page(QWidget):
    """Base of all pages: fill `self.body` (a column), follow `self.session`; `entered` is called at each visit."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.notice = NoticeBar()
        self._title_label = theme.label("", "title")
        self._subtitle_label = theme.label("", "subtitle", wrap=True)
        self._actions_row = QHBoxLayout()
        self._actions_row.setSpacing(theme.GRID)
        content = QWidget()
        self._stack = Vacant(content)
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(theme.GAP)
        self._arrange()

    def set_title(self, title: str, subtitle: str = "") -> None:
        """The page's name, and one line on what it shows at the moment."""
        self._title_label.setText(title)
        self._subtitle_label.setText(subtitle)
        self._subtitle_label.setVisible(bool(subtitle))
        self.setAccessibleName(title)

    def add_action(self, words: str, slot: Callable[[], object], role: str = "", symbol: str = "") -> QPushButton:
        """A button right of the title, added from left to right. Exactly one may be `primary`: the next step."""
        button = theme.button(words, role, symbol)
        button.clicked.connect(lambda: slot())
        self._actions_row.addWidget(button)
        return button

    def tell(
        self,
        sentence: str,
        next_step: str = "",
        level: str = "error",
        actions: tuple[tuple[str, Callable[[], object]], ...] = (),
    ) -> None:
        """Put a notice on this page: `level` is info, good, warning or error."""
        self.notice.tell(sentence, next_step, level, actions)

    def call(
        self, request: Request, on_event: Callable[[Event], None], on_end: Callable[[], object] | None = None
    ) -> Worker:
        """Run a request; its notices and its failure go to the notice bar, and every event to `on_event`."""

        def handle(event: Event) -> None:
            match event:
                case events.Failed():
                    self.tell(event.sentence, event.next_step)
                case events.Notice():
                    self.tell(event.sentence, event.next_step, event.level)
            on_event(event)

        return self.session.call(request, handle, on_end)

    def show_empty(
        self,
        symbol: str,
        heading: str,
        sentence: str,
        action: str = "",
        slot: Callable[[], object] | None = None,
        *others: tuple[str, Callable[[], object]],
    ) -> None:
        """Show, instead of the body, what will be here and what to do for it; `others` are further ways to it."""
        self._stack.show_empty(Empty(symbol, heading, sentence, action, slot, *others))

    def show_body(self) -> None:
        """Show the body again."""
        self._stack.show_content()

    @property
    def empty(self) -> Empty | None:
        """The empty state, while it is shown."""
        return self._stack.empty

    def entered(self) -> None:
        """The page came into sight."""

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.HALF)
        words.addWidget(self._title_label)
        words.addWidget(self._subtitle_label)
        header = QHBoxLayout()
        header.setSpacing(theme.GAP)
        header.addLayout(words, 1)
        header.addLayout(self._actions_row)
        header.setAlignment(self._actions_row, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GRID * 3, theme.MARGIN, theme.GRID * 3)
        layout.setSpacing(theme.GAP)
        layout.addLayout(header)
        layout.addWidget(self.notice)
        layout.addWidget(self._stack, 1)
