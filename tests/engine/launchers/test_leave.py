"""The window closes, training goes on: the listener says goodbye, the child works on alone, the folder tells of it."""

from pathlib import Path

from finetuner.engine.events import BatchEnded, RunEnded
from finetuner.engine.launchers import ProcessLauncher, attach
from finetuner.engine.launchers.process import ALONE
from finetuner.engine.requests import TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from tests.engine.tiny_job import tiny_job


def test_training_goes_on_without_its_listener(photos: Path, tmp_path: Path) -> None:
    launcher, run = ProcessLauncher(), tmp_path / "run"
    task = launcher.start(TrainRequest(job=tiny_job(photos, epochs=10_000), run=run))
    walk = iter(task)
    next(event for event in walk if isinstance(event, BatchEnded))
    task.leave()
    told = list(walk)
    launcher.close()

    assert not any(isinstance(event, RunEnded) for event in told)
    assert RunFolder(run).lock.held
    follower = attach(run)
    RunFolder(run).control.ask("stop")
    ended = [event.status for event in follower if isinstance(event, RunEnded)]
    ALONE[-1].wait()
    assert ended == ["stopped"]
