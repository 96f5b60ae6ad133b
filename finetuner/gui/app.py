"""The application: dress it, make the session, open the window, and leave nothing behind."""

import gc
import sys
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from finetuner.engine.errors import FinetunerError
from finetuner.engine.paths import settings_file
from finetuner.gui import settings, theme
from finetuner.gui.main_window import MainWindow
from finetuner.gui.main_window.closing import Leave
from finetuner.gui.main_window.comeback import Comeback
from finetuner.gui.session import Session

if TYPE_CHECKING:
    from finetuner.engine.launchers import Launcher


def main() -> int:
    """The window, from start to end. Returns the exit status."""
    try:
        refuse_broken_qt(PySide6.__version__, sys.version_info[:2])
    except FinetunerError as error:
        print(error, file=sys.stderr)
        return 1
    paint_without_opengl()
    return run(QApplication([*sys.argv[:1], "-style", theme.STYLE]))


def run(app: QApplication) -> int:
    """Open the window and stay until it closes."""
    app.setApplicationName("Finetuner")
    app.setDesktopFileName("finetuner")
    known, trouble = settings.load(settings_file())
    theme.dress(app, known.theme)
    session = Session(launcher, known, settings_file())
    follow_theme(app, session)
    window = opened(session)
    if trouble:
        session.tell(trouble, level="warning")
    window.painted.connect(session.warm_up)
    status = app.exec()
    if window.leave is Leave.BACKGROUND:
        session.training.leave()
    session.close()
    window.deleteLater()
    return status


def opened(session: Session) -> MainWindow:
    """The window on its first page, which tells of runs that wait as soon as it is painted."""
    window = MainWindow(session)
    window.painted.connect(gc.enable)
    window.painted.connect(lambda: Comeback(session, window.page))
    window.showMaximized() if session.settings.maximised else window.show()
    return window


def launcher(name: str) -> "Launcher":
    """What starts requests; it brings the engine's events and requests, which the first paint does not need."""
    from finetuner.engine.launchers import LAUNCHERS

    return LAUNCHERS[name]()


def follow_theme(app: QApplication, session: Session) -> None:
    """Dress the app anew when the preference or the system changes its mind."""

    def dress() -> None:
        theme.dress(app, session.settings.theme)

    session.settings_changed.connect(dress)
    app.styleHints().colorSchemeChanged.connect(dress)


def paint_without_opengl() -> None:
    """Before the application is made. Qt then also makes RGB of a camera's frame on the processor.

    On a virtual screen OpenGL is software, and took 20 ms for what takes the processor 1; on a graphics card it is
    the reading back that costs. Nothing here is painted by OpenGL.
    """
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)


def refuse_broken_qt(pyside: str, python: tuple[int, int]) -> None:
    """PySide6 6.12.0 loses a reference to None on every call under Python before 3.12, and aborts within minutes.

    Raises FinetunerError for that pair.
    """
    if pyside == "6.12.0" and python < (3, 12):
        raise FinetunerError(
            f"PySide6 6.12.0 crashes under Python {python[0]}.{python[1]}.",
            "Install another version: pip install 'PySide6_Addons!=6.12.0'.",
        )
