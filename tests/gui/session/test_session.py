from finetuner.engine.job import Job
from finetuner.engine.requests import DoctorRequest, TrainRequest
from finetuner.gui import settings
from finetuner.gui.session import Session
from finetuner.gui.session.session import new_run_path


def test_the_draft_changes_by_flat_names(qtbot, session):
    with qtbot.waitSignal(session.job_changed) as changed:
        assert session.change_job(epochs=3, strategy="full") == ""
    assert changed.args[0].strategy.epochs == 3


def test_a_refused_value_leaves_the_draft_and_says_why(qtbot, session):
    with qtbot.assertNotEmitted(session.job_changed):
        assert "epochs" in session.change_job(epochs=0)
        assert "epoks" in session.change_job(epoks=3)
    assert session.job == Job().changed(watch="auto")


def test_an_unchanged_draft_is_no_news(qtbot, session):
    with qtbot.assertNotEmitted(session.job_changed):
        session.change_job(epochs=Job().strategy.epochs)


def test_the_launcher_is_made_when_needed_and_closed_with_the_session(qtbot, launcher):
    made = []
    session = Session(lambda name: made.append(name) or launcher)
    assert made == []
    session.call(DoctorRequest(), lambda event: None)
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert made == ["process"]
    session.close()
    assert launcher.closed


def test_another_launcher_takes_over_at_once(session, launcher):
    assert session.launcher is launcher
    session.change_settings(launcher="here")
    assert launcher.closed


def test_preferences_are_written_at_once(session, tmp_path):
    session.change_settings(theme="dark")
    assert settings.load(tmp_path / "settings.json")[0].theme == "dark"


def test_a_disk_that_refuses_is_told_of(qtbot, session, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("finetuner.engine.files.write_text", refuse)
    with qtbot.waitSignal(session.noticed) as noticed:
        session.change_settings(theme="dark")
    assert "No space left on device" in noticed.args[0].sentence
    assert session.settings.theme == "dark"


def test_training_needs_images(qtbot, session, launcher):
    with qtbot.waitSignal(session.noticed):
        session.train()
    assert launcher.requests == []


def test_training_goes_into_a_new_run_and_shows_it(qtbot, scanned, launcher):
    with qtbot.waitSignal(scanned.page_wanted) as wanted:
        scanned.train(scanned.job.changed(strategy="probe"))
    qtbot.waitUntil(lambda: not scanned.training.running)
    request = launcher.requests[-1]
    assert isinstance(request, TrainRequest)
    assert request.job == scanned.job.changed(strategy="probe")
    assert request.run.name.startswith("insects-probe-")
    assert wanted.args == ["training"]


def test_run_names_do_not_collide():
    first = new_run_path(Job())
    second = new_run_path(Job())
    assert second != first
    assert second.parent == first.parent
