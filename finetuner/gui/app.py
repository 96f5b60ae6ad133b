"""The application: dress it, make the session, open the window, and leave nothing behind."""

import sys
from importlib.metadata import version

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from finetuner.engine.errors import FinetunerError
from finetuner.engine.launchers import LAUNCHERS
from finetuner.engine.paths import settings_file
from finetuner.gui import settings, theme
from finetuner.gui.main_window import MainWindow
from finetuner.gui.session import Session


def run(argv: list[str]) -> int:
    """Open the window and stay until it closes. Returns the exit status."""
    refuse_broken_qt(version("PySide6_Essentials"), sys.version_info[:2])
    app = QApplication(argv[:1])
    app.setApplicationName("Finetuner")
    app.setDesktopFileName("finetuner")
    known, trouble = settings.load(settings_file())
    theme.apply(app, known.theme)
    session = Session(lambda name: LAUNCHERS[name](), known, settings_file())
    follow_theme(app, session)
    window = MainWindow(session)
    window.show()
    if trouble:
        session.tell(trouble, level="warning")
    QTimer.singleShot(0, session.warm_up)
    status = app.exec()
    session.close()
    return status


def follow_theme(app: QApplication, session: Session) -> None:
    """Dress the app anew when the preference or the system changes its mind."""

    def dress() -> None:
        theme.apply(app, session.settings.theme)

    session.settings_changed.connect(dress)
    app.styleHints().colorSchemeChanged.connect(dress)


def refuse_broken_qt(pyside: str, python: tuple[int, int]) -> None:
    """PySide6 6.12.0 loses a reference to None on every call under Python before 3.12, and aborts within minutes.

    Raises FinetunerError for that pair.
    """
    if pyside == "6.12.0" and python < (3, 12):
        raise FinetunerError(
            f"PySide6 6.12.0 crashes under Python {python[0]}.{python[1]}.",
            "Install another version: pip install 'PySide6_Addons!=6.12.0'.",
        )
