import os
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QPushButton, QSlider, QWidget

from finetuner.engine.events import BatchEnded, Progress
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui.main_window import MainWindow, closing
from finetuner.gui.main_window.activity import Activity
from finetuner.gui.main_window.closing import Leave
from finetuner.gui.main_window.comeback import Comeback
from finetuner.gui.main_window.shortcuts import SHORTCUTS, sheet
from finetuner.gui.pages import PAGES
from finetuner.gui.pages.dataset.contents import Contents
from finetuner.gui.preview import demo_run
from tests.gui.mouse import turn


def rail_button(window, title):
    return next(b for b in window.findChildren(QPushButton) if b.property("role") == "rail" and b.text() == title)


@pytest.fixture
def training(qtbot, session, launcher, tmp_path):
    """A run under way that ends when it is told to."""
    launcher.endless = {"train"}
    session.training.start(Job(), tmp_path / "run")
    yield session.training
    session.training.stop()
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_the_first_page_is_there_and_no_other(window):
    assert list(window.pages) == ["dataset"]
    assert rail_button(window, "Dataset").isChecked()


def test_the_first_paint_is_told_once_and_after_all_is_on_the_screen(qtbot, session):
    window, seen = MainWindow(session), []
    qtbot.addWidget(window)
    window.painted.connect(lambda: seen.append(window.page.isVisible()))
    with qtbot.waitSignal(window.painted):
        window.show()
    window.repaint()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert seen == [True]


def test_a_data_set_makes_its_face_and_no_start_without_one(window, scanned):
    assert window.page.contents.isVisible()


def test_without_a_data_set_its_face_is_not_made(window):
    assert not window.page.findChildren(Contents)


@pytest.mark.parametrize("key", list(PAGES))
def test_every_page_opens_from_the_rail_and_is_made_once(qtbot, window, key):
    rail_button(window, PAGES[key].title).click()
    first = window.page
    assert window.pages[key] is first
    window.show_page("dataset")
    window.show_page(key)
    assert window.page is first


@pytest.mark.parametrize("key", list(PAGES))
def test_everything_interactive_on_a_page_has_a_name(window, key):
    window.show_page(key)
    nameless = [
        widget
        for widget in window.page.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not internal(widget) and not name_of(widget)
    ]
    assert [widget.parent() for widget in nameless] == []


@pytest.mark.parametrize("key", list(PAGES))
def test_the_wheel_scrolls_a_page_and_changes_nothing_on_it(window, scanned, key):
    window.show_page(key)
    fields = [field for kind in (QComboBox, QAbstractSpinBox, QSlider) for field in window.page.findChildren(kind)]
    for field in fields:
        field.blockSignals(True)  # what followed, a dialog for one, would only hide the failure
    assert [field.accessibleName() or field for field in fields if turn(field)] == []


def internal(widget):
    """Parts of a widget that Qt made, and areas whose content has names of its own."""
    areas = ("QWidget", "QScrollArea", "QTabBar", "QTabWidget", "QScrollBar")
    in_a_popup = type(widget.parent()).__name__ == "QFrame"
    return widget.objectName().startswith("qt_") or in_a_popup or type(widget).__name__ in areas


def name_of(widget):
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


@pytest.mark.parametrize("number", range(1, min(len(PAGES), 9) + 1))
def test_control_and_a_number_go_to_a_page(qtbot, window, number):
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
    assert window.page is window.pages[list(PAGES)[number - 1]]


def test_the_keys_are_listed(window):
    dialog = sheet(window)
    shown = [label.text() for label in dialog.findChildren(QLabel)]
    assert set(SHORTCUTS) <= set(shown)
    dialog.deleteLater()


def test_a_notice_stands_on_the_page_in_sight(session, window):
    session.tell("The disk is nearly full.", "Free some space.", "warning")
    assert window.page.notice.text == "The disk is nearly full. Free some space."


def test_something_moves_while_work_runs(session, window, training):
    activity = window.findChild(Activity)
    assert activity.isVisible()
    training.happened.emit(Progress(activity="Computing features", done=3, total=9))
    batch = next(event for event in demo_run.events(training.run) if isinstance(event, BatchEnded))
    training.happened.emit(batch)
    assert any("epoch 1" in label.text() for label in activity.findChildren(QLabel))


def test_closing_an_idle_window_asks_nothing(window, session, monkeypatch):
    monkeypatch.setattr(closing, "ask", lambda *_: pytest.fail("asked"))
    window.resize(1111, 700)
    assert window.close()
    assert session.settings.width == 1111


def test_closing_while_training_may_be_taken_back(window, training, monkeypatch):
    asked = []
    monkeypatch.setattr(closing, "ask", lambda parent, may_go_on: asked.append(may_go_on) or Leave.STAY)
    assert not window.close()
    assert asked == [True]
    assert training.running


def test_going_on_in_the_background_closes_and_stops_nothing(window, launcher, training, monkeypatch):
    monkeypatch.setattr(closing, "ask", lambda *_: Leave.BACKGROUND)
    assert window.close()
    assert training.running
    assert not any(task.stopped.is_set() for task in launcher.tasks)


def test_stopping_first_closes_when_the_run_has_ended(qtbot, window, training, monkeypatch):
    asked, wishes = [], []
    monkeypatch.setattr(closing, "ask", lambda *_: asked.append(1) or Leave.STOP)
    monkeypatch.setattr(training, "ask", wishes.append)
    assert not window.close()
    assert wishes == ["stop"]
    training.stop()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert asked == [1]


@pytest.mark.parametrize("may_go_on", [True, False])
def test_the_question_has_a_button_for_each_answer(window, may_go_on):
    box, answers = closing.question(window, may_go_on)
    expected = {Leave.BACKGROUND, Leave.STOP, Leave.STAY} if may_go_on else {Leave.STOP, Leave.STAY}
    assert set(answers.values()) == expected
    assert answers[box.escapeButton()] is Leave.STAY
    box.deleteLater()


@pytest.fixture
def shelf(session, tmp_path):
    session.runs.root = tmp_path / "runs"
    session.runs.root.mkdir()
    finished = demo_run.finished(session.runs.root, tmp_path / "insects")
    later = time.time() + 60  # the newest is the one that was interrupted
    os.utime(finished.with_name("insects-gradual") / "job.toml", (later, later))
    return finished


def test_an_interrupted_run_is_offered(qtbot, session, window, shelf, launcher):
    Comeback(session, window.page)
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert window.page.notice.text == "insects-gradual was interrupted at epoch 7."
    resume, discard = window.page.notice.buttons
    assert (resume.text(), discard.text()) == ("Resume", "Discard")
    resume.click()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert launcher.requests[0].run.name == "insects-gradual"
    assert window.page is window.pages["training"]


def test_a_discarded_run_goes_to_the_trash(qtbot, session, window, shelf, monkeypatch):
    trashed = []
    monkeypatch.setattr("finetuner.engine.run_store.runs.send2trash.send2trash", trashed.append)
    Comeback(session, window.page)
    qtbot.waitUntil(lambda: not session.calls.busy)
    window.page.notice.buttons[1].click()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert len(trashed) == 1
    assert window.page.notice.text == ""


def test_a_run_that_went_on_is_followed(qtbot, session, window, shelf):

    run = RunFolder.open(shelf)
    run.lock.acquire()
    Comeback(session, window.page)
    qtbot.waitUntil(lambda: session.training.running)
    assert session.training.run == shelf
    assert "went on training" in window.page.notice.text
    run.lock.release()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert [event.kind for event in session.training.events][-1] == "run-ended"


def test_the_offer_to_resume_is_withdrawn_when_a_run_begins(qtbot, session, window, shelf, launcher, tmp_path):
    Comeback(session, window.page)
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert "was interrupted" in window.page.notice.text
    launcher.endless = {"train"}
    session.training.start(Job(), tmp_path / "run")
    assert window.page.notice.text == ""
    session.training.stop()
    qtbot.waitUntil(lambda: not session.calls.busy)
