import pytest
from PySide6.QtCore import Qt, QTimer

from finetuner.engine.paths import settings_file
from finetuner.gui import app as application
from finetuner.gui import settings, theme
from finetuner.gui.settings import Settings
from finetuner.gui.theme.colours import DARK, LIGHT
from tests.gui.fakes import FakeLauncher


@pytest.fixture
def launcher(monkeypatch):
    made = FakeLauncher()
    monkeypatch.setattr(application, "launcher", lambda name: made)
    return made


def closes_itself(qapp):
    """Close the window as soon as the event loop runs."""
    QTimer.singleShot(0, qapp.closeAllWindows)


def test_the_app_opens_dressed_as_preferred_and_closes(qapp, qtbot, launcher):
    settings.save(Settings(theme="dark", width=1200, height=720), settings_file())
    closes_itself(qapp)
    assert application.run(qapp) == 0
    assert theme.colours() is DARK
    assert settings.load(settings_file())[0].width == 1200


def test_spoilt_preferences_are_told_of_in_the_window(qapp, qtbot, launcher, monkeypatch):
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text("{")
    seen = []
    opened = application.opened
    monkeypatch.setattr(application, "opened", lambda session: seen.append(opened(session)) or seen[0])
    QTimer.singleShot(0, lambda: seen.append(seen[0].page.notice.text))
    closes_itself(qapp)
    application.run(qapp)
    assert "settings.json.corrupt" in seen[1]


def test_a_changed_theme_is_put_on_at_once(qapp, session):
    application.follow_theme(qapp, session)
    session.change_settings(theme="dark")
    assert theme.colours() is DARK
    session.change_settings(theme="light")
    assert theme.colours() is LIGHT


def test_nothing_is_painted_by_opengl(qapp):
    before = qapp.testAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)
    application.paint_without_opengl()
    assert qapp.testAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)
    qapp.setAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets, before)
