"""What only the process launcher does: its children are warm, die alone, and outlive whoever started them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from finetuner.engine.events import BatchEnded, Failed, RunEnded, ScanEnded
from finetuner.engine.launchers import ProcessLauncher, attach
from finetuner.engine.requests import ResumeRequest, ScanRequest, TrainRequest
from finetuner.engine.run_store.runs import describe
from finetuner.engine.training.loop import resume
from tests.engine.tiny_job import tiny_job

STARTER = """
import sys
from pathlib import Path
from finetuner.engine.launchers import ProcessLauncher
from finetuner.engine.requests import TrainRequest
from tests.engine.tiny_job import tiny_job

job = tiny_job(Path(sys.argv[1]), epochs=4)
for event in ProcessLauncher().start(TrainRequest(job=job, run=Path(sys.argv[2]))):
    if event.kind == "batch-ended":
        print("training", flush=True)
        sys.stdin.read()
"""


known: set[psutil.Process] = set()


def children() -> list[psutil.Process]:
    """The processes that this test started."""
    return [child for child in psutil.Process().children() if child not in known]


@pytest.fixture
def launcher() -> Iterator[ProcessLauncher]:
    known.update(psutil.Process().children())
    launcher = ProcessLauncher()
    yield launcher
    launcher.close()


def test_a_child_that_is_killed_is_a_sentence_and_another_takes_over(
    launcher: ProcessLauncher, photos: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    walk = iter(launcher.start(TrainRequest(job=tiny_job(photos, epochs=2), run=run)))
    next(event for event in walk if isinstance(event, BatchEnded))
    (child,) = children()
    child.kill()
    failed = list(walk)[-1]
    assert isinstance(failed, Failed)
    assert "ended unexpectedly (it was killed, most likely because memory ran out)" in failed.sentence
    assert describe(run).status == "interrupted"
    ended = list(resume(ResumeRequest(run=run)))[-1]
    assert isinstance(ended, RunEnded)
    assert ended.status == "done"


def test_an_idle_child_is_used_again_and_a_busy_one_is_not(launcher: ProcessLauncher, photos: Path) -> None:
    request = ScanRequest(data=photos)
    assert isinstance(list(launcher.start(request))[-1], ScanEnded)
    (first,) = children()
    busy = launcher.start(request)
    other = launcher.start(request)
    assert first in children()
    assert len(children()) == 2
    assert [isinstance(list(task)[-1], ScanEnded) for task in (busy, other)] == [True, True]
    assert children() == [first]


def test_closing_ends_the_idle_child(launcher: ProcessLauncher) -> None:
    launcher.warm()
    assert len(children()) == 1
    launcher.close()
    assert children() == []


def test_an_idle_child_that_died_is_replaced(launcher: ProcessLauncher, photos: Path) -> None:
    launcher.warm()
    (child,) = children()
    child.kill()
    psutil.wait_procs([child])
    assert isinstance(list(launcher.start(ScanRequest(data=photos)))[-1], ScanEnded)


def test_training_goes_on_when_the_window_is_gone(photos: Path, tmp_path: Path) -> None:
    """kill -9 of whoever started it; the next start follows the run to its end through its folder."""
    run = tmp_path / "run"
    command = [sys.executable, "-c", STARTER, str(photos), str(run)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout
        assert window.stdout.readline() == "training\n"
        (trainer,) = psutil.Process(window.pid).children()
        window.kill()
    story = list(attach(run))
    ended = story[-1]
    assert isinstance(ended, RunEnded)
    assert ended.summary is not None
    assert (ended.status, ended.summary.epochs) == ("done", 4)
    psutil.wait_procs([trainer])
