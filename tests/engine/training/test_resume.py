"""Whatever interrupts a run, the resumed one ends with the same curve and the same weights, to the last bit."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from finetuner.engine.backbones.deployed import load_best, save_best
from finetuner.engine.events import BatchEnded, CheckpointSaved, EpochEnded, Event, Notice, RunStarted
from finetuner.engine.job import Job
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.loop import resume, train
from finetuner.engine.training.publishing import facts_of, publish
from tests.engine.tiny import tiny_network
from tests.engine.tiny_job import draw_pictures, fingerprint, tiny_job

OPTIONS: dict[str, dict[str, object]] = {
    "full": {"ema": 0.9, "mixup": 0.2, "dropout": 0.2, "augmentation": "light", "batch_norm": "train"},
    "gradual": {"strategy": "gradual", "epochs": 3},
    "lp-ft": {"strategy": "lp-ft", "optimizer": "sgd", "precision": "bf16", "balance": "sampler"},
}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So few pictures that an epoch is two batches."""
    return draw_pictures(tmp_path_factory.mktemp("few") / "photos", of_each=6, classes=["green", "red"])


@pytest.fixture(scope="module", params=OPTIONS)
def whole(request: pytest.FixtureRequest, few: Path, tmp_path_factory: pytest.TempPathFactory) -> "Whole":
    return Whole(tiny_job(few, **OPTIONS[request.param]), tmp_path_factory.mktemp("whole") / "run")


class Whole:
    """An uninterrupted run: what every interrupted one must equal."""

    def __init__(self, job: Job, run: Path) -> None:
        self.job, self.every = job, 1 if job.strategy.strategy == "full" else 4
        self.events = [event.kind for event in train(TrainRequest(job=job, run=run))]
        self.fingerprint = fingerprint(run)
        self.log = told(run)


def told(run: Path) -> list[tuple[object, ...]]:
    """Steps and epochs of the log: each once, in order, whatever happened in between."""
    events = [entry.event for entry in RunFolder.open(run).events.entries()]
    return [told_once(event) for event in events if isinstance(event, BatchEnded | EpochEnded)]


def told_once(event: BatchEnded | EpochEnded) -> tuple[object, ...]:
    return ("step", event.step, event.loss) if isinstance(event, BatchEnded) else ("epoch", event.epoch, event.val_loss)


def stopped_after(count: int, events: Iterator[Event]) -> None:
    for _ in range(count):
        next(events)
    events.close()  # type: ignore[attr-defined]


def test_a_run_closed_after_any_event_resumes_exactly(whole: Whole, tmp_path: Path) -> None:
    for count in range(1, len(whole.events), whole.every):
        run = tmp_path / str(count)
        stopped_after(count, train(TrainRequest(job=whole.job, run=run)))
        for _ in resume(ResumeRequest(run=run)):
            continue
        assert fingerprint(run) == whole.fingerprint, (count, whole.events[count - 1])
        assert told(run) == whole.log, (count, whole.events[count - 1])


def test_a_run_closed_again_and_again_resumes_exactly(whole: Whole, tmp_path: Path) -> None:
    run = tmp_path / "run"
    stopped_after(whole.events.index("batch-ended") + 1, train(TrainRequest(job=whole.job, run=run)))
    while (events := told(run)) != whole.log:
        session = resume(ResumeRequest(run=run))
        next(event for event in session if len(told(run)) > len(events))
        session.close()  # type: ignore[attr-defined]
    for _ in resume(ResumeRequest(run=run)):
        continue
    assert fingerprint(run) == whole.fingerprint


def test_a_resumed_run_says_where_it_takes_up(few: Path, tmp_path: Path) -> None:
    session = train(TrainRequest(job=tiny_job(few), run=tmp_path / "run"))
    next(event for event in session if event.kind == "checkpoint-saved")
    session.close()  # type: ignore[attr-defined]
    started = next(event for event in resume(ResumeRequest(run=tmp_path / "run")) if isinstance(event, RunStarted))
    assert started.resumed_at == 1


def test_a_resumed_run_tells_which_weights_it_began_with(few: Path, tmp_path: Path) -> None:
    save_best(tmp_path / "base", tiny_network(), ("a", "b", "c"), 1.0)
    job = tiny_job(few, weights=tmp_path / "base" / "model.safetensors", pretrained=True, image_size=64)
    session = train(TrainRequest(job=job, run=tmp_path / "run"))
    next(event for event in session if isinstance(event, RunStarted))
    first = next(event.sentence for event in session if isinstance(event, Notice))
    next(event for event in session if event.kind == "checkpoint-saved")
    session.close()  # type: ignore[attr-defined]
    again = [event.sentence for event in resume(ResumeRequest(run=tmp_path / "run")) if isinstance(event, Notice)]
    run = RunFolder.open(tmp_path / "run")
    assert "tensors loaded" in first
    assert again[0] == first
    assert load_best(run.path).network.loaded == first
    assert facts_of(run).model["Weights"] == first
    assert first in run.card_file.read_text("utf-8")


def test_a_run_resumed_by_an_older_version_tells_it_as_well(few: Path, tmp_path: Path) -> None:
    for _ in train(TrainRequest(job=tiny_job(few, epochs=1), run=tmp_path / "run")):
        continue
    run = RunFolder.open(tmp_path / "run")
    started = next(entry.event for entry in run.events.entries() if isinstance(entry.event, RunStarted))
    again = started.model_copy(update={"resumed_at": 1})
    for event in (again, Notice(sentence="beetles.pth, not loaded.")):
        run.events.append(event, 9, 9.0)
    publish(run)
    assert "not loaded" not in run.card_file.read_text("utf-8")


def test_a_finished_run_resumed_changes_nothing(few: Path, tmp_path: Path) -> None:
    for _ in train(TrainRequest(job=tiny_job(few), run=tmp_path / "run")):
        continue
    before = fingerprint(tmp_path / "run")
    for _ in resume(ResumeRequest(run=tmp_path / "run")):
        continue
    assert fingerprint(tmp_path / "run") == before


def test_a_damaged_checkpoint_costs_an_epoch_and_nothing_else(few: Path, tmp_path: Path) -> None:
    whole = Whole(tiny_job(few, epochs=3), tmp_path / "whole")
    session = train(TrainRequest(job=tiny_job(few, epochs=3), run=tmp_path / "run"))
    next(event for event in session if isinstance(event, EpochEnded) and event.epoch == 2)
    session.close()  # type: ignore[attr-defined]
    newest = RunFolder(tmp_path / "run").checkpoints.newest()
    assert newest is not None
    (newest / "model.safetensors").write_bytes(b"rotten")
    started = next(event for event in resume(ResumeRequest(run=tmp_path / "run")) if isinstance(event, RunStarted))
    assert started.resumed_at == 1
    for _ in resume(ResumeRequest(run=tmp_path / "run")):
        continue
    assert fingerprint(tmp_path / "run") == whole.fingerprint
    assert told(tmp_path / "run") == whole.log


def test_batches_of_a_single_image_resume_exactly(tmp_path: Path) -> None:
    photos = draw_pictures(tmp_path / "photos", of_each=3, classes=["red", "green"])
    job = tiny_job(photos, batch_norm="train", batch_size=1, val_split=0.34)
    whole = Whole(job, tmp_path / "whole")
    stopped_after(whole.events.index("batch-ended") + 2, train(TrainRequest(job=job, run=tmp_path / "run")))
    for _ in resume(ResumeRequest(run=tmp_path / "run")):
        continue
    assert fingerprint(tmp_path / "run") == whole.fingerprint


def test_a_run_whose_checkpoints_are_all_damaged_keeps_its_new_ones(few: Path, tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    session = train(TrainRequest(job=tiny_job(few, epochs=4), run=run.path))
    next(event for event in session if isinstance(event, EpochEnded) and event.epoch == 4)
    session.close()  # type: ignore[attr-defined]
    for checkpoint in run.checkpoints.folder.iterdir():
        (checkpoint / "model.safetensors").write_bytes(b"rotten")
    again = resume(ResumeRequest(run=run.path))
    saved = next(event for event in again if isinstance(event, CheckpointSaved))
    assert run.checkpoints.newest() == Path(saved.path)
    again.close()  # type: ignore[attr-defined]
    started = next(event for event in resume(ResumeRequest(run=run.path)) if isinstance(event, RunStarted))
    assert started.resumed_at == saved.epoch


KILLS = ("0", "5", "11", "17", "23", "30")


def test_kill_9_at_any_write_resumes_exactly(few: Path, tmp_path: Path) -> None:
    """Each number is a disk synchronisation at which the trainer's process is killed."""
    command = [sys.executable, "-m", "tests.engine.training.killed", str(few), str(tmp_path), *KILLS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout)
    assert answer["killed"] == len(KILLS)
    assert {json.dumps(ending) for ending in answer["resumed"]} == {json.dumps(answer["whole"])}
