"""The main window: the rail on the left, the page in sight on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from finetuner.gui import theme
from finetuner.gui.main_window import closing, shortcuts
from finetuner.gui.main_window.closing import Leave
from finetuner.gui.main_window.rail import Rail
from finetuner.gui.pages import PAGES
from finetuner.gui.pages.page import Page
from finetuner.gui.session import Session

if TYPE_CHECKING:
    from finetuner.engine.events import Notice


NARROW = 1120
"""Pixels below which the rail gives its words up."""


class MainWindow(QMainWindow):
    """Shows one page at a time; a page is imported and made when it is first visited, so that the first paints fast.

    `painted`: it has just been painted for the first time; what can wait until then waits for it.
    """

    painted = Signal()

    def __init__(self, session: Session, first: str = "dataset") -> None:
        super().__init__()
        self.session = session
        self.pages: dict[str, Page] = {}
        self.leave = Leave.STAY
        self._seen = False
        self._stack = QStackedWidget()
        self._rail = Rail(session)
        self.setWindowTitle("Finetuner")
        self.setWindowIcon(theme.icon("mark"))
        self.setMinimumSize(960, 600)
        self.resize(session.settings.width, session.settings.height)
        self.setCentralWidget(self._arranged())
        self._rail.chosen.connect(self.show_page)
        session.page_wanted.connect(self.show_page)
        session.noticed.connect(self._on_notice)
        shortcuts.bind(self, self._slots(), [partial(self.show_page, key) for key in PAGES])
        self.show_page(first)

    @property
    def page(self) -> Page:
        """The page in sight."""
        return cast(Page, self._stack.currentWidget())

    def show_page(self, key: str) -> None:
        """Bring a page into sight, making it first if need be."""
        if key not in self.pages:
            self.pages[key] = make_page(key, self.session)
            self._stack.addWidget(self.pages[key])
        self._stack.setCurrentWidget(self.pages[key])
        self._rail.select(key)
        self.pages[key].setFocus()
        self.pages[key].entered()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The window is painted before what stands in it: a moment later all of it is on the screen."""
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the page gets the room that the rail's words take."""
        self._rail.narrow(event.size().width() < NARROW)
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once what becomes of a run under way; a second close does not ask again."""
        training = self.session.training
        if training.running and self.leave is Leave.STAY:
            self.leave = closing.ask(self, training.outlives_the_window)
            if self.leave is Leave.STOP:
                self._stop_then_close()
            if self.leave is not Leave.BACKGROUND:
                return event.ignore()
        self._remember_size()
        event.accept()

    def _stop_then_close(self) -> None:
        self.session.training.changed.connect(self.close)
        self.session.training.ask("stop")
        self.page.tell(self.tr("Training stops after this step; then the window closes."), level="info")

    def _remember_size(self) -> None:
        if not self.isMaximized():
            self.session.change_settings(width=self.width(), height=self.height())
        self.session.change_settings(maximised=self.isMaximized())

    def _on_notice(self, notice: Notice) -> None:
        self.page.tell(notice.sentence, notice.next_step, notice.level)

    def _arranged(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row.addWidget(self._rail)
        row.addWidget(self._stack, 1)
        return whole

    def _slots(self) -> dict[str, Callable[[], object]]:
        return {
            "Ctrl+O": self._open,
            "Ctrl+Return": self._train,
            "Ctrl+,": lambda: self.show_page("preferences"),
            "F1": lambda: shortcuts.sheet(self).open(),
        }

    def _open(self) -> None:
        self.show_page("dataset")
        self.session.folder_wanted.emit()

    def _train(self) -> None:
        self.session.train()


def make_page(key: str, session: Session) -> Page:
    """The page of this key, imported and made. Raises KeyError when PAGES has none of it."""
    module, name = PAGES[key].target.split(":")
    page: Page = getattr(import_module(module), name)(session)
    return page
