"""The window's fixtures: a session whose engine replays, and the window around it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from finetuner.gui import theme
from finetuner.gui.main_window import MainWindow
from finetuner.gui.main_window.closing import Leave
from finetuner.gui.session import Session
from finetuner.gui.settings import Settings
from tests.gui import fakes


@pytest.fixture
def launcher(tmp_path: Path) -> fakes.FakeLauncher:
    """An engine that knows one small data set, in `tmp_path / "insects"`."""
    folder = tmp_path / "insects"
    return fakes.FakeLauncher(scan=fakes.scan(folder, fakes.images(folder)))


@pytest.fixture
def session(qapp: object, qtbot: QtBot, launcher: fakes.FakeLauncher, tmp_path: Path) -> Iterator[Session]:
    made = Session(lambda name: launcher, Settings(), tmp_path / "settings.json")
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def scanned(qtbot: QtBot, session: Session, tmp_path: Path) -> Session:
    """A session whose data set is scanned."""
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    return session


def _ask_nothing(window: MainWindow) -> None:
    """A test that ends while a run is under way is not asked what becomes of it."""
    window.leave = Leave.BACKGROUND


@pytest.fixture
def window(qapp: object, qtbot: QtBot, session: Session) -> MainWindow:
    theme.apply(qapp, "light")
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=_ask_nothing)
    made.show()
    return made


@pytest.fixture
def idle(qtbot: QtBot, session: Session) -> Callable[[], None]:
    """Wait until no call is under way."""
    return lambda: qtbot.waitUntil(lambda: not session.calls.busy)
