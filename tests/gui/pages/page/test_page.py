from finetuner.engine.events import DoctorEnded, Failed, Notice
from finetuner.engine.requests import DoctorRequest
from finetuner.gui.pages.page import Page


def page_of(qtbot, session):
    page = Page(session)
    qtbot.addWidget(page)
    page.show()
    return page


def test_a_failure_and_its_next_step_stand_in_the_page(qtbot, session, launcher, idle):
    launcher.answers["doctor"] = (Failed(sentence="No disk.", next_step="Free some space."),)
    page, heard = page_of(qtbot, session), []
    page.call(DoctorRequest(), heard.append)
    idle()
    assert page.notice.text == "No disk. Free some space."
    assert len(heard) == 1


def test_a_notice_stands_in_the_page_and_work_goes_on(qtbot, session, launcher, idle):
    launcher.answers["doctor"] = (Notice(sentence="Slow disk.", level="warning"), DoctorEnded(versions={}, devices=()))
    page, heard = page_of(qtbot, session), []
    page.call(DoctorRequest(), heard.append)
    idle()
    assert page.notice.text == "Slow disk."
    assert isinstance(heard[-1], DoctorEnded)


def test_a_notice_has_buttons_and_can_be_dismissed(qtbot, session):
    page, pressed = page_of(qtbot, session), []
    page.tell("Interrupted.", actions=(("Resume", lambda: pressed.append("resume")), ("Discard", pressed.clear)))
    page.notice.buttons[0].click()
    assert pressed == ["resume"]
    page.notice.clear()
    assert page.notice.text == ""
    assert page.notice.buttons == []


def test_an_empty_page_teaches_and_leads_on(qtbot, session):
    page, went = page_of(qtbot, session), []
    page.show_empty("runs", "No runs yet", "Each run is kept here.", "Open images", lambda: went.append(1))
    page.empty.button.click()
    assert went == [1]
    page.show_body()
    assert page.empty is None


def test_an_action_is_a_button_that_calls_without_arguments(qtbot, session):
    page, done = page_of(qtbot, session), []
    button = page.add_action("Train", lambda: done.append(1), "primary", "play")
    button.click()
    assert done == [1]
    assert button.property("role") == "primary"
