import pytest

from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui.preview import demo_run


@pytest.fixture
def shelf(session, tmp_path):
    """Three runs on the shelf; returns the finished one of the demo."""
    session.runs.root = tmp_path / "runs"
    session.runs.root.mkdir()
    return demo_run.finished(session.runs.root, tmp_path / "insects")


def test_runs_are_listed_in_a_thread(qtbot, session, shelf, idle):
    with qtbot.waitSignal(session.runs.listed) as listed:
        session.runs.refresh()
    idle()
    assert {run.name for run in listed.args[0]} == {"insects-lp-ft-2", "insects-probe", "insects-gradual"}
    assert session.runs.infos == listed.args[0]


def test_a_discarded_run_is_gone_and_shown_no_more(qtbot, session, shelf, idle, monkeypatch):
    trashed = []
    monkeypatch.setattr("finetuner.engine.run_store.runs.send2trash.send2trash", trashed.append)
    session.set_run(shelf)
    with qtbot.waitSignal(session.runs.listed):
        assert session.runs.discard(shelf) == ""
    idle()
    assert trashed == [str(shelf)]
    assert session.run is None


def test_a_run_that_trains_is_not_discarded(session, shelf):
    run = RunFolder.open(shelf)
    run.lock.acquire()
    assert "still training" in session.runs.discard(shelf)
    run.lock.release()
