"""One question at a time to the engine: the button that asks it, how far it is, Cancel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from finetuner.engine.events import Event, Notice, Progress
from finetuner.gui import theme
from finetuner.gui.pages.page import Page
from finetuner.gui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from finetuner.engine.requests import Request
    from finetuner.gui.bridge.worker import Worker


class Errand(QWidget):
    """`wanted`: the button was pressed. `start(request, on_answer)` runs it; `changed` when it begins and ends.

    Notices and failures go to the page's notice bar. What was cancelled gives no answer.
    """

    wanted = Signal()
    changed = Signal()

    def __init__(self, page: Page, words: str, symbol: str) -> None:
        super().__init__()
        self._page = page
        self._worker: Worker | None = None
        self._answered = False
        self.go = theme.button(words, "primary", symbol)
        self.cancel = theme.button(self.tr("Cancel"), symbol="stop")
        self.line = ProgressLine()
        self.go.clicked.connect(self.wanted)
        self.cancel.clicked.connect(self.stop)
        self.setFixedHeight(theme.CONTROL + theme.GRID)
        self._lay_out()
        self._show()

    @property
    def busy(self) -> bool:
        """Whether it is under way."""
        return self._worker is not None

    def start(self, request: Request, on_answer: Callable[[Event], None]) -> None:
        """Run the request, unless one is under way."""
        if self.busy:
            return
        self._page.notice.clear()
        self._answered = False
        self.line.show_progress(self.tr("Starting"))
        self._worker = self._page.call(request, partial(self._on_event, on_answer), self._on_end)
        self._show()

    def stop(self) -> None:
        """Give it up; nothing is left of it."""
        if self._worker is not None:
            self._worker.stop()

    def _on_event(self, on_answer: Callable[[Event], None], event: Event) -> None:
        if self._worker is None or self._worker.stopped:
            return
        match event:
            case Progress():
                counted = (event.done, event.total, event.rate, event.seconds_left)
                self.line.show_progress(event.activity, *counted)
            case Notice():
                pass  # the page has told it
            case _:
                self._answered = True
                on_answer(event)

    def _on_end(self) -> None:
        worker, self._worker = self._worker, None
        assert worker is not None
        self.line.finish()
        if not worker.stopped and not self._answered:
            self._page.tell(self.tr("The engine ended without an answer."), self.tr("Try again."))
        self._show()

    def _show(self) -> None:
        shown, hidden = (self.cancel, self.go) if self.busy else (self.go, self.cancel)
        had_focus = hidden.hasFocus()
        shown.show()
        if had_focus:
            shown.setFocus()
        hidden.hide()
        self.changed.emit()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.go)
        row.addWidget(self.line, 1)
        row.addWidget(self.cancel)
        row.addStretch(0)
