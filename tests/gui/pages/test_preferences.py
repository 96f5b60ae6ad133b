import pytest
from PySide6.QtWidgets import QLabel

from finetuner.engine.events import DeviceChecked, DoctorEnded, Failed
from finetuner.engine.requests import DoctorRequest
from finetuner.gui.pages.preferences import PreferencesPage


@pytest.fixture
def page(qtbot, session):
    made = PreferencesPage(session)
    qtbot.addWidget(made)
    made.show()
    return made


def texts(widget):
    return [label.text() for label in widget.findChildren(QLabel)]


def test_a_choice_holds_at_once(session, page):
    page.theme_box.setCurrentIndex(page.theme_box.findData("dark"))
    page.launcher_box.setCurrentIndex(page.launcher_box.findData("here"))
    assert (session.settings.theme, session.settings.launcher) == ("dark", "here")


def test_the_page_shows_what_is_chosen(qtbot, session):
    session.change_settings(theme="light")
    page = PreferencesPage(session)
    qtbot.addWidget(page)
    assert page.theme_box.currentData() == "light"


def test_the_self_test_names_each_device_with_reason_and_fix(session, page, launcher, idle):
    launcher.answers["doctor"] = (
        DoctorEnded(
            versions={"torch": "2.15.0"},
            devices=(
                DeviceChecked(device="cpu", name="Some CPU", works=True, chosen=True, gigaflops=205.4),
                DeviceChecked(device="cuda", name="NVIDIA", works=False, reason="No driver.", fix="Install one."),
            ),
            checks={"Network": "not used"},
        ),
    )
    page.devices.button.click()
    assert not page.devices.button.isEnabled()
    idle()
    assert page.devices.button.isEnabled()
    assert launcher.requests == [DoctorRequest()]
    shown = texts(page.devices)
    assert "Works  ·  used by default  ·  205 GFLOP/s" in shown
    assert "No driver. Install one." in shown
    assert "torch 2.15.0  ·  Network: not used" in shown


def test_a_self_test_that_fails_says_so_and_can_be_repeated(session, page, launcher, idle):
    launcher.answers["doctor"] = (Failed(sentence="The engine ended unexpectedly."),)
    page.test_devices()
    idle()
    assert page.notice.text == "The engine ended unexpectedly."
    assert page.devices.button.isEnabled()


def test_every_place_is_named_and_can_be_opened(page, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr("finetuner.gui.pages.preferences.folders.QDesktopServices.openUrl", opened.append)
    from finetuner.gui.pages.preferences.folders import show

    show(tmp_path / "home" / "runs")
    assert opened[0].toLocalFile() == str(tmp_path / "home" / "runs")
    assert any(text.endswith("runs") for text in texts(page))
