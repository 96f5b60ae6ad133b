import errno
import os
from pathlib import Path

import filelock
import pytest
import send2trash

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import EpochEnded, Event, RunEnded, RunStarted, TrainSummary
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.runs import describe, list_runs, trash

STARTED = RunStarted(
    run="r", classes=("a", "b"), train_images=8, val_images=2, backbone="resnet18.a1_in1k", strategy="full",
    epochs=3, batch_size=4, image_size=32, device="cpu", precision="fp32",
)  # fmt: skip
SUMMARY = TrainSummary(
    run="r", classes=("a", "b"), epochs=3, best_epoch=2, val_accuracy=0.5, val_accuracy_interval=(0.1, 0.9),
    val_loss=1.0, train_images=8, val_images=2, seconds=1.0, images_per_second=8.0, device="cpu", precision="fp32",
    strategy="full", backbone="resnet18.a1_in1k",
)  # fmt: skip
DONE = RunEnded(status="done", sentence="Done.", summary=SUMMARY)
STOPPED = RunEnded(status="stopped", sentence="Stopped.", summary=SUMMARY)
FAILED = RunEnded(status="failed", sentence="The disk is full.")


def epoch(number: int) -> EpochEnded:
    return EpochEnded(
        epoch=number, epochs=3, train_loss=1.0, val_loss=1.0, val_accuracy=0.5, rates=(0.1,), images_per_second=1.0,
        seconds=1.0, best=True,
    )  # fmt: skip


def run_with(path: Path, *events: Event) -> RunFolder:
    run = RunFolder.create(path, Job().changed(strategy="full", epochs=3))
    for event in events:
        run.events.append(event, 0, 0)
    return run


@pytest.mark.parametrize(
    ("events", "status", "resumable"),
    [
        ((), "interrupted", True),
        ((STARTED, epoch(1)), "interrupted", True),
        ((STARTED, epoch(1), epoch(2), epoch(3), DONE), "done", False),
        ((STARTED, epoch(1), STOPPED), "stopped", True),
        ((STARTED, epoch(3), STOPPED), "stopped", False),
        ((STARTED, epoch(1), FAILED), "failed", True),
        ((STARTED, epoch(1), STOPPED, STARTED, epoch(2)), "interrupted", True),
    ],
)
def test_the_log_tells_how_a_run_stands(
    tmp_path: Path, events: tuple[Event, ...], status: str, resumable: bool
) -> None:
    info = describe(run_with(tmp_path / "run", *events).path)
    assert (info.status, info.resumable) == (status, resumable)


def test_a_held_lock_means_running(tmp_path: Path) -> None:
    run = run_with(tmp_path / "run", STARTED)
    run.lock.acquire()
    assert describe(run.path).status == "running"
    run.lock.release()
    assert describe(run.path).status == "interrupted"


def test_key_figures_come_from_the_log(tmp_path: Path) -> None:
    info = describe(run_with(tmp_path / "run", STARTED, epoch(1), epoch(2), STOPPED).path)
    assert (info.name, info.backbone, info.strategy) == ("run", "resnet18.a1_in1k", "full")
    assert (info.epochs, info.epochs_done, info.summary, info.sentence) == (3, 2, SUMMARY, "Stopped.")
    assert [event.epoch for event in info.curve] == [1, 2]


def test_runs_are_listed_newest_first_and_other_folders_passed_over(tmp_path: Path) -> None:
    for age, name in enumerate(("newest", "middle", "oldest")):
        os.utime(run_with(tmp_path / name).job_file, (1e9 - age, 1e9 - age))
    (tmp_path / "holiday").mkdir()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "job.toml").write_text("not a job")
    assert [info.name for info in list_runs(tmp_path)] == ["newest", "middle", "oldest"]
    assert list_runs(tmp_path / "absent") == []


def test_a_run_goes_to_the_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    thrown: list[str] = []
    monkeypatch.setattr(send2trash, "send2trash", thrown.append)
    run = run_with(tmp_path / "run")
    trash(run.path)
    assert thrown == [str(run.path)]


def test_a_running_run_is_not_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send2trash, "send2trash", pytest.fail)
    run = run_with(tmp_path / "run")
    run.lock.acquire()
    with pytest.raises(FinetunerError, match="run is still training"):
        trash(run.path)
    run.lock.release()


def test_a_system_without_a_trash_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise OSError("no trash here")

    monkeypatch.setattr(send2trash, "send2trash", refuse)
    with pytest.raises(FinetunerError, match="could not be moved to the trash: no trash here"):
        trash(run_with(tmp_path / "run").path)


def test_only_a_run_can_be_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send2trash, "send2trash", pytest.fail)
    with pytest.raises(FinetunerError, match="is not a run"):
        trash(tmp_path)


def test_a_run_with_an_impossible_date_is_listed(tmp_path: Path) -> None:
    run = run_with(tmp_path / "old")
    os.utime(run.job_file, (2**40, 2**40))
    assert [info.name for info in list_runs(tmp_path)] == ["old"]


def test_a_run_in_a_read_only_folder_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    run = run_with(tmp_path / "theirs", STARTED, epoch(1), DONE)
    run.lock.acquire()
    run.lock.release()
    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    assert describe(run.path).status == "done"
    assert [info.name for info in list_runs(tmp_path)] == ["theirs"]


def test_a_job_nested_without_end_hides_no_other_run(tmp_path: Path) -> None:
    run_with(tmp_path / "good")
    run_with(tmp_path / "deep").job_file.write_text("x = " + "[" * 100_000)
    assert [info.name for info in list_runs(tmp_path)] == ["good"]
