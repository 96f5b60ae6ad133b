"""What every launcher promises: the same events, a stop that tidies up, trouble as an event."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from finetuner.engine.events import BatchEnded, Event, Failed, ImagesScanned, ScanEnded
from finetuner.engine.launchers import LAUNCHERS, Launcher, ProcessLauncher, Task
from finetuner.engine.launchers.tasks import generator
from finetuner.engine.requests import Request, ResumeRequest, ScanRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.runs import describe
from tests.engine.tiny_job import fingerprint, kinds, tiny_job


@pytest.fixture(scope="module", params=LAUNCHERS)
def launcher(request: pytest.FixtureRequest) -> Iterator[Launcher]:
    """Each launcher, its process warmed up once for all tests."""
    launcher = LAUNCHERS[request.param]()
    if isinstance(launcher, ProcessLauncher):
        launcher.warm()
    yield launcher
    launcher.close()


def train(photos: Path, run: Path, **options: object) -> Request:
    return TrainRequest(job=tiny_job(photos, **options), run=run)


def walk_until(task: Task, kind: type[Event]) -> Iterator[Event]:
    """The walk, after the first event of this kind."""
    walk = iter(task)
    next(event for event in walk if isinstance(event, kind))
    return walk


def test_the_same_request_gives_the_same_events(launcher: Launcher, photos: Path) -> None:
    told = list(launcher.start(ScanRequest(data=photos)))
    asked = list(generator(ScanRequest(data=photos)))
    assert told[-1] == asked[-1]
    assert isinstance(told[-1], ScanEnded)
    assert scanned(told) == scanned(asked)


def scanned(events: list[Event]) -> list[object]:
    return [image for event in events if isinstance(event, ImagesScanned) for image in event.images]


def test_training_ends_where_training_ends(launcher: Launcher, photos: Path, tmp_path: Path) -> None:
    told = list(launcher.start(train(photos, tmp_path / "there")))
    asked = list(generator(train(photos, tmp_path / "here")))
    assert kinds(told) == kinds(asked)
    assert fingerprint(tmp_path / "there") == fingerprint(tmp_path / "here")


def test_stopping_saves_and_frees_the_run(launcher: Launcher, photos: Path, tmp_path: Path) -> None:
    task = launcher.start(train(photos, tmp_path / "run", epochs=1000))
    walk = walk_until(task, BatchEnded)
    task.stop()
    rest = list(walk)
    assert len(rest) < 1000
    assert kinds(rest)[-1:] != ["failed"]
    assert describe(tmp_path / "run").status == "interrupted"
    assert RunFolder(tmp_path / "run").checkpoints.newest() is not None


def test_stopping_before_the_walk_and_after_the_end_is_harmless(launcher: Launcher, photos: Path) -> None:
    early, late = launcher.start(ScanRequest(data=photos)), launcher.start(ScanRequest(data=photos))
    early.stop()
    list(early)
    assert isinstance(list(late)[-1], ScanEnded)
    late.stop()
    assert isinstance(list(launcher.start(ScanRequest(data=photos)))[-1], ScanEnded)


def test_a_walk_given_up_half_way_frees_the_run(launcher: Launcher, photos: Path, tmp_path: Path) -> None:
    walk = walk_until(launcher.start(train(photos, tmp_path / "run", epochs=1000)), BatchEnded)
    walk.close()  # type: ignore[attr-defined]
    assert not RunFolder(tmp_path / "run").lock.held
    assert isinstance(list(launcher.start(ScanRequest(data=photos)))[-1], ScanEnded)


@pytest.mark.parametrize("request_for", ["train", "resume", "scan"])
def test_trouble_is_the_last_event(launcher: Launcher, tmp_path: Path, request_for: str) -> None:
    absent = tmp_path / "absent"
    requests = {
        "train": train(absent, tmp_path / "run"),
        "resume": ResumeRequest(run=absent),
        "scan": ScanRequest(data=absent),
    }
    failed = list(launcher.start(requests[request_for]))[-1]
    assert isinstance(failed, Failed)
    assert "absent" in failed.sentence
    assert failed.details == ""
