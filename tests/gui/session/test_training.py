from pathlib import Path

from finetuner.engine.events import BatchEnded, EpochEnded
from finetuner.engine.job import Job
from finetuner.engine.requests import ResumeRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui.preview import demo_run
from finetuner.gui.session.training import thinned
from tests.gui.fakes import FakeTask


def started(qtbot, session, launcher, run, endless=False):
    launcher.answers["train"] = tuple(demo_run.events(run))
    launcher.endless = {"train"} if endless else set()
    session.training.start(Job(), run)
    if not endless:
        qtbot.waitUntil(lambda: not session.training.running)


def test_a_run_is_told_from_its_beginning_to_who_comes_late(qtbot, session, launcher, tmp_path):
    started(qtbot, session, launcher, tmp_path / "run")
    heard = []
    session.training.watch(heard.append)
    assert heard == list(demo_run.events(tmp_path / "run"))


def test_a_finished_run_becomes_the_one_the_pages_speak_of(qtbot, session, launcher, tmp_path):
    with qtbot.waitSignal(session.run_changed) as changed:
        started(qtbot, session, launcher, tmp_path / "run")
    assert changed.args == [tmp_path / "run"]


def test_running_is_true_until_the_last_event(qtbot, session, launcher, tmp_path):
    started(qtbot, session, launcher, tmp_path / "run", endless=True)
    assert session.training.running
    session.training.stop()
    qtbot.waitUntil(lambda: not session.training.running)


def test_a_wish_is_left_in_the_run_folder(qtbot, session, launcher, tmp_path):
    run = RunFolder.create(tmp_path / "run", Job())
    started(qtbot, session, launcher, run.path, endless=True)
    session.training.ask("pause")
    assert run.control.wish == "pause"
    session.training.ask("continue")
    assert run.control.wish == "continue"
    session.training.stop()
    qtbot.waitUntil(lambda: not session.training.running)
    session.training.ask("stop")
    assert run.control.wish == "continue"


def test_resuming_asks_the_engine_for_it(qtbot, session, launcher):
    session.training.resume(Path("/runs/old"))
    qtbot.waitUntil(lambda: not session.training.running)
    assert launcher.requests == [ResumeRequest(run=Path("/runs/old"))]


def test_following_another_process_leaves_the_launcher_alone(qtbot, session, launcher, tmp_path):
    session.change_settings(launcher="here")
    session.training.attach(tmp_path, lambda run: FakeTask((), endless=True))
    assert session.training.running
    assert session.training.outlives_the_window
    session.training.stop()
    qtbot.waitUntil(lambda: not session.training.running)
    assert launcher.requests == []


def test_a_run_inside_the_window_ends_with_it(qtbot, session, launcher, tmp_path):
    session.change_settings(launcher="here")
    started(qtbot, session, launcher, tmp_path / "run", endless=True)
    assert not session.training.outlives_the_window
    session.training.stop()
    qtbot.waitUntil(lambda: not session.training.running)


def test_thinning_keeps_everything_but_half_of_the_batches(tmp_path):
    events = list(demo_run.events(tmp_path))
    kept = thinned(events)

    def batches(some):
        return sum(isinstance(event, BatchEnded) for event in some)

    assert batches(kept) == batches(events) // 2
    assert [e for e in kept if isinstance(e, EpochEnded)] == [e for e in events if isinstance(e, EpochEnded)]
    assert len(events) - len(kept) == batches(events) - batches(kept)


def test_a_second_run_does_not_begin_while_one_is_under_way(qtbot, session, launcher, tmp_path):
    launcher.endless = {"train"}
    session.training.start(Job(), tmp_path / "first")
    session.training.resume(tmp_path / "second")
    qtbot.waitUntil(lambda: bool(launcher.tasks))
    assert session.training.run == tmp_path / "first"
    session.training.stop()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert [request.task for request in launcher.requests] == ["train"]


def test_whoever_would_watch_another_run_meanwhile_does_not_make_this_one_theirs(qtbot, session, launcher, tmp_path):
    session.change_settings(launcher="here")
    launcher.endless = {"train"}
    session.training.start(Job(), tmp_path / "first")
    session.training.attach(tmp_path / "second", lambda run: FakeTask((), endless=False))
    assert not session.training.outlives_the_window
    session.training.stop()
    qtbot.waitUntil(lambda: not session.calls.busy)
