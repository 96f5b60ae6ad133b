from pathlib import Path

import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed, Notice, RunEnded
from finetuner.engine.job import Job
from finetuner.engine.launchers import attach
from finetuner.engine.launchers import watch as room
from finetuner.engine.run_store.run_folder import RunFolder

ONE, TWO, ENDED = Notice(sentence="one"), Notice(sentence="two"), RunEnded(status="done", sentence="Done.")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_INTERVAL", 0.001)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", Job())


def tell(run: RunFolder, *events: Event) -> None:
    for event in events:
        run.events.append(event, 0, 0)


def test_there_must_be_a_run(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="is not a run"):
        attach(tmp_path)


def test_a_finished_run_is_told_from_its_beginning(run: RunFolder) -> None:
    tell(run, ONE, ENDED)
    assert list(attach(run.path)) == [ONE, ENDED]


def test_a_run_under_way_is_followed_to_its_end(run: RunFolder) -> None:
    run.lock.acquire()
    tell(run, ONE)
    walk = iter(attach(run.path))
    assert next(walk) == ONE
    tell(run, TWO)
    assert next(walk) == TWO
    tell(run, ENDED)
    run.lock.release()
    assert list(walk) == [ENDED]


def test_a_trainer_that_died_without_a_word_is_told_of(run: RunFolder) -> None:
    run.lock.acquire()
    tell(run, ONE)
    walk = iter(attach(run.path))
    assert next(walk) == ONE
    run.lock.release()
    (failed,) = walk
    assert isinstance(failed, Failed)
    assert failed.sentence == "The training of run ended unexpectedly."
    assert "Resume" in failed.next_step


def test_a_watch_can_be_given_up_while_the_run_goes_on(run: RunFolder) -> None:
    run.lock.acquire()
    tell(run, ONE)
    task = attach(run.path)
    walk = iter(task)
    assert next(walk) == ONE
    task.stop()
    assert list(walk) == []
    assert run.lock.held
    run.lock.release()
