"""A page with demo data as a picture."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

from finetuner.gui.main_window import MainWindow
from finetuner.gui.main_window.closing import Leave
from finetuner.gui.main_window.window import make_page
from finetuner.gui.pages.page import Page
from finetuner.gui.preview import demo
from finetuner.gui.session import Session

_REST_MS = 1500
_PATIENCE_MS = 5000


def take(page: str, out: Path, width: int, height: int, window: bool, data: Path | None, empty: bool) -> None:
    """Render a page (or the window around it) to `out`. Raises KeyError for an unknown page."""
    session = demo.session(data, empty)
    settle(session)
    widget = MainWindow(session, page) if window else make_page(page, session)
    if isinstance(widget, Page):
        widget.entered()
    widget.resize(width, height)
    widget.show()
    settle(session)
    demo.SHOW.get(page, lambda page: None)(widget.page if isinstance(widget, MainWindow) else widget)
    settle(session)
    widget.grab().save(str(out))
    if isinstance(widget, MainWindow):
        widget.leave = Leave.BACKGROUND
    widget.close()
    session.close()
    widget.deleteLater()
    session.deleteLater()


def settle(session: Session) -> None:
    """Let calls end, thumbnails arrive and layouts come to rest. A live page never ends its call."""
    rest, patience = QDeadlineTimer(_REST_MS), QDeadlineTimer(_PATIENCE_MS)
    while not rest.hasExpired() or (session.calls.busy and not patience.hasExpired()):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
