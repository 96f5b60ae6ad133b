"""A run as its events, its folder and its summary tell it; and everything that can cut it short."""

import errno
import json
import math
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import timm
import torch

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import (
    BatchEnded,
    EpochEnded,
    Event,
    Notice,
    PhaseStarted,
    PlanDrawn,
    Progress,
    RunEnded,
    RunStarted,
    TrainSummary,
)
from finetuner.engine.job import Job
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.run_store.event_log import EventLog
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.runs import describe
from finetuner.engine.strategies.plan import Phase
from finetuner.engine.training import keeper, setting
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.loop import resume, train
from finetuner.engine.training.validation import Validation
from tests.engine.tiny_job import CLASSES, draw_pictures, fingerprint, kinds, tiny_job
from tests.hostile import build_hostile

Kind = TypeVar("Kind", bound=Event)


def of(events: list[Event], kind: type[Kind]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]


def run_of(events: list[Event]) -> RunFolder:
    return RunFolder.open(Path(of(events, RunStarted)[0].run))


def trained(job: Job, run: Path) -> list[Event]:
    return list(train(TrainRequest(job=job, run=run)))


def until(events: Iterator[Event], kind: str) -> None:
    """Walk until the first event of this kind has come."""
    next(event for event in events if event.kind == kind)


@pytest.fixture(scope="module")
def story(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """Everything that two epochs of full fine-tuning tell."""
    return trained(tiny_job(photos), tmp_path_factory.mktemp("story") / "run")


def test_a_run_tells_its_story_in_order(story: list[Event]) -> None:
    epoch = ["batch-ended", "epoch-ended", "checkpoint-saved"]
    assert kinds(story) == ["run-started", "notice", "plan-drawn", "phase-started", *epoch, *epoch, "run-ended"]


def test_something_always_moves(story: list[Event]) -> None:
    activities = [event.activity for event in of(story, Progress)]
    assert list(dict.fromkeys(activities)) == [
        "Checking images", "Reading images", "Measuring the best model", "Learning what is unknown",
    ]  # fmt: skip


def test_what_is_trained_is_said_at_the_start(story: list[Event]) -> None:
    (started,) = of(story, RunStarted)
    assert started.classes == CLASSES
    assert started.train_images + started.val_images == 36
    assert started.val_images == 6
    assert (started.backbone, started.strategy, started.device, started.precision) == (
        "test_resnet", "full", "cpu", "fp32",
    )  # fmt: skip
    assert (started.batch_size, started.image_size, started.epochs, started.resumed_at) == (8, 32, 2, 0)
    assert of(story, Notice)[0].sentence == "Random weights: it learns from scratch."


def test_the_plan_has_a_column_for_each_block(story: list[Event]) -> None:
    (drawn,) = of(story, PlanDrawn)
    assert drawn.blocks[0] == "stem"
    assert drawn.blocks[-1] == "head"
    assert len(drawn.block_parameters) == len(drawn.blocks)
    assert sum(drawn.block_parameters) > 1000


def test_every_batch_is_told_with_its_rates(story: list[Event]) -> None:
    batches = of(story, BatchEnded)
    assert [event.step for event in batches] == list(range(1, 9))
    assert {event.steps for event in batches} == {8}
    assert all(math.isfinite(event.loss) and event.images_per_second > 0 and event.memory_mb > 0 for event in batches)
    assert batches[-1].seconds_left == 0
    assert len({event.rates for event in batches}) > 4


def test_the_run_folder_is_complete(story: list[Event]) -> None:
    run = run_of(story)
    whole = {path.relative_to(run.path).as_posix() for path in run.path.rglob("*") if path.is_file()}
    last = "checkpoints/000008/"
    assert whole >= {
        "job.toml", "events.jsonl", "classes.txt", "split.json", "report.html", "metrics.json", "predictions.csv",
        "best/model.safetensors", "best/config.json", f"{last}model.safetensors", f"{last}optimizer.safetensors",
        f"{last}state.json", f"{last}MANIFEST.json",
    }  # fmt: skip
    assert run.classes == CLASSES
    assert [name for name in whole if "tmp" in name] == []


def test_the_log_repeats_the_story(story: list[Event]) -> None:
    logged = [entry.event for entry in run_of(story).events.entries()]
    assert logged == [event for event in story if not isinstance(event, Progress)]


def test_the_job_in_the_folder_can_be_replayed(story: list[Event], tmp_path: Path) -> None:
    again = trained(RunFolder.open(run_of(story).path).job, tmp_path / "again")
    assert summary(again).val_loss == summary(story).val_loss
    assert [e.train_loss for e in of(again, EpochEnded)] == [e.train_loss for e in of(story, EpochEnded)]


def test_timm_opens_the_best_model(story: list[Event]) -> None:
    run = run_of(story)
    model = timm.create_model(f"local-dir:{run.best}", pretrained=True).eval()
    assert model(torch.zeros(1, 3, 32, 32)).shape == (1, 3)
    assert json.loads((run.best / "config.json").read_text())["label_names"] == list(CLASSES)


def summary(events: list[Event]) -> TrainSummary:
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.summary is not None
    return ended.summary


def test_the_summary_holds_what_scripts_depend_on(story: list[Event]) -> None:
    figures = summary(story)
    promised = (
        "run classes epochs best_epoch val_accuracy val_accuracy_interval val_loss train_images val_images seconds "
        "images_per_second device precision strategy backbone"
    )
    assert set(figures.model_dump()) >= set(promised.split())
    assert (figures.epochs, figures.train_images, figures.val_images) == (2, 30, 6)
    assert figures.best_epoch in (1, 2)
    low, high = figures.val_accuracy_interval
    assert 0 <= low <= figures.val_accuracy <= high <= 1
    assert json.loads((run_of(story).path / "metrics.json").read_text())["accuracy"] == figures.val_accuracy


def test_a_lesson_is_learned(photos: Path, tmp_path: Path) -> None:
    """Tints are easy; a sign or a scale that is wrong anywhere would show."""
    assert summary(trained(tiny_job(photos, strategy="scratch", epochs=6, lr=0.01), tmp_path / "run")).val_accuracy == 1


@pytest.mark.parametrize(
    ("strategy", "phases"), [("probe", 1), ("lp-ft", 2), ("gradual", 3), ("freeze", 1), ("discriminative", 2)]
)
def test_every_strategy_tells_its_phases(photos: Path, tmp_path: Path, strategy: str, phases: int) -> None:
    events = trained(tiny_job(photos, strategy=strategy, epochs=3), tmp_path / "run")
    assert [event.index for event in of(events, PhaseStarted)] == list(range(phases))
    assert summary(events).strategy == strategy
    steps = [event.step for event in of(events, BatchEnded)]
    assert steps == list(range(1, len(steps) + 1))
    assert len(of(events, EpochEnded)) == (1 if strategy == "probe" else 3)


def test_a_solved_head_is_balanced_in_either_way(tmp_path: Path) -> None:
    data = draw_pictures(tmp_path / "photos", of_each=8)
    for number in range(3, 8):
        (data / "red" / f"{number}.png").unlink()
    heads = {}
    for balance in ("none", "weights", "sampler"):
        run = run_of(trained(tiny_job(data, strategy="probe", balance=balance), tmp_path / balance))
        heads[balance] = fingerprint(run.path)[0]
    assert heads["sampler"] == heads["weights"] != heads["none"]


def test_options_of_every_kind_work_together(photos: Path, tmp_path: Path) -> None:
    job = tiny_job(
        photos, ema=0.9, mixup=0.2, cutmix=0.5, dropout=0.1, balance="sampler", augmentation="trivialaugment",
        optimizer="sgd", schedule="one-cycle", clip_grad=None, precision="bf16", batch_norm="frozen-affine",
    )  # fmt: skip
    assert summary(trained(job, tmp_path / "run")).precision == "bf16"


# --- the user's wishes ---------------------------------------------------------------------------------------------


def test_pause_continue_and_stop_are_heard(photos: Path, tmp_path: Path) -> None:
    control = RunFolder(tmp_path / "run").control
    events = train(TrainRequest(job=tiny_job(photos), run=tmp_path / "run"))
    until(events, "batch-ended")
    control.ask("pause")
    assert next(events).kind == "paused"
    assert next(events) == Progress(activity="Paused", done=0, total=2)
    control.ask("continue")
    assert kinds(next(events) for _ in range(3)) == ["continued", "batch-ended", "batch-ended"][:2]
    until(events, "epoch-ended")
    control.ask("stop")
    rest = list(events)
    assert kinds(rest) == ["checkpoint-saved", "batch-ended", "checkpoint-saved", "run-ended"]
    ended = rest[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.status, summary(rest).epochs) == ("stopped", 1)
    assert describe(tmp_path / "run").resumable


def test_a_stop_before_the_first_epoch_keeps_no_model_and_can_be_resumed(photos: Path, tmp_path: Path) -> None:
    events = train(TrainRequest(job=tiny_job(photos), run=tmp_path / "run"))
    until(events, "batch-ended")
    RunFolder(tmp_path / "run").control.ask("stop")
    ended = list(events)[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.status, ended.summary) == ("stopped", None)
    assert "no model yet" in ended.sentence
    assert summary(list(resume(ResumeRequest(run=tmp_path / "run")))).epochs == 2


def test_a_wish_to_stop_while_features_are_computed_is_heard(photos: Path, tmp_path: Path) -> None:
    events = train(TrainRequest(job=tiny_job(photos, strategy="probe"), run=tmp_path / "run"))
    next(event for event in events if isinstance(event, Progress) and event.activity == "Computing features")
    RunFolder(tmp_path / "run").control.ask("stop")
    assert kinds(events) == ["run-ended"]


def test_a_stop_asked_before_the_trainer_is_awake_is_heard(photos: Path, tmp_path: Path) -> None:
    RunFolder(tmp_path / "run").control.ask("stop")
    events = trained(tiny_job(photos), tmp_path / "run")
    assert len(of(events, BatchEnded)) == 1
    assert describe(tmp_path / "run").status == "stopped"


def test_closing_frees_the_run_and_saves_it(photos: Path, tmp_path: Path) -> None:
    events = train(TrainRequest(job=tiny_job(photos), run=tmp_path / "run"))
    until(events, "batch-ended")
    assert describe(tmp_path / "run").status == "running"
    events.close()  # type: ignore[attr-defined]
    assert describe(tmp_path / "run").status == "interrupted"
    newest = RunFolder(tmp_path / "run").checkpoints.newest()
    assert newest is not None
    assert newest.name == "000001"


def test_a_checkpoint_comes_at_least_every_minute(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_SECONDS_AT_RISK", 0.0)
    events = trained(tiny_job(photos, epochs=1), tmp_path / "run")
    assert [event.kind for event in events].count("checkpoint-saved") == 4


def test_two_trainers_never_share_a_run(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finetuner.engine.run_store.lock._PATIENCE", 0.0)
    events = train(TrainRequest(job=tiny_job(photos), run=tmp_path / "run"))
    until(events, "run-started")
    with pytest.raises(FinetunerError, match="in use by process"):
        list(resume(ResumeRequest(run=tmp_path / "run")))
    assert kinds(events)[-1] == "run-ended"


def test_a_second_start_in_the_same_folder_leaves_the_first_alone(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("finetuner.engine.run_store.lock._PATIENCE", 0.0)
    events = train(TrainRequest(job=tiny_job(photos, epochs=1), run=tmp_path / "run"))
    next(events)  # it is not set up yet, so that nothing says that it has started
    monkeypatch.setattr(RunFolder, "_is_vacant", lambda run: True)  # as the second found it, a moment before the first
    with pytest.raises(FinetunerError, match="Another training begins in"):
        trained(tiny_job(photos, seed=77), tmp_path / "run")
    assert kinds(events)[-1] == "run-ended"
    assert RunFolder.open(tmp_path / "run").job.compute.seed == tiny_job(photos).compute.seed


def test_a_run_is_its_trainer_s_from_its_first_file_on(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    save = Job.save

    def note(job: Job, path: Path) -> None:
        save(job, path)
        held.append(RunFolder(tmp_path / "run").lock.held)

    monkeypatch.setattr(Job, "save", note)
    trained(tiny_job(photos, epochs=1), tmp_path / "run")
    assert set(held) == {True}
    assert not RunFolder(tmp_path / "run").lock.held


# --- patience and numbers ------------------------------------------------------------------------------------------


def validations(monkeypatch: pytest.MonkeyPatch, *accuracies: float) -> None:
    """Let validation give these accuracies, epoch after epoch."""

    def judge(validation: Validation, phase: Phase) -> Generator[Event, None, tuple[float, float]]:
        yield from ()
        accuracy = accuracies[validation.keeper.position.epoch]
        return (1.0, accuracy) if accuracy >= 0 else (math.nan, 0.0)

    monkeypatch.setattr(Validation, "judge", judge)


def test_patience_ends_a_run_that_gets_no_better(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    validations(monkeypatch, 0.5, 0.6, 0.6, 0.5, 0.9)
    events = trained(tiny_job(photos, epochs=5, patience=2), tmp_path / "run")
    assert [event.best for event in of(events, EpochEnded)] == [True, True, False, False]
    assert summary(events).best_epoch == 2
    assert "no better epoch in the last 2" in of(events, RunEnded)[0].sentence


def test_lost_patience_stays_lost_over_a_resume(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    validations(monkeypatch, 0.5, 0.4, 0.9)
    events = train(TrainRequest(job=tiny_job(photos, epochs=3, patience=1), run=tmp_path / "run"))
    next(event for event in events if isinstance(event, EpochEnded) and event.epoch == 2)
    events.close()  # type: ignore[attr-defined]
    rest = list(resume(ResumeRequest(run=tmp_path / "run")))
    assert of(rest, BatchEnded) == []
    assert summary(rest).epochs == 2


def no_number(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    steps = iter(range(1000))
    whole = Learner.step

    def step(self: Learner, *arguments: object) -> float:
        loss = whole(self, *arguments)  # type: ignore[arg-type]
        return math.nan if next(steps) == at else loss

    monkeypatch.setattr(Learner, "step", step)


def finite_checkpoints(run: Path) -> bool:
    newest = RunFolder(run).checkpoints.newest()
    assert newest is not None
    tensors = timm.models.load_state_dict(str(newest / "model.safetensors"))
    return all(tensor.isfinite().all() for tensor in tensors.values())


def test_a_loss_that_is_no_number_keeps_the_best(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_number(monkeypatch, at=5)
    events = trained(tiny_job(photos), tmp_path / "run")
    ended = of(events, RunEnded)[0]
    assert ended.status == "failed"
    assert "no longer a number at epoch 2, step 6. The best model, of epoch 1, is kept." in ended.sentence
    assert "lower learning rate" in ended.next_step
    assert summary(events).best_epoch == 1
    assert finite_checkpoints(tmp_path / "run")


def test_a_loss_that_is_no_number_at_once_keeps_nothing(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_number(monkeypatch, at=0)
    ended = trained(tiny_job(photos), tmp_path / "run")[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.status, ended.summary) == ("failed", None)


def test_a_validation_that_is_no_number_writes_no_checkpoint(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    validations(monkeypatch, 0.5, -1)
    events = trained(tiny_job(photos), tmp_path / "run")
    assert kinds(events)[-4:] == ["epoch-ended", "checkpoint-saved", "batch-ended", "run-ended"]
    assert of(events, RunEnded)[0].status == "failed"


# --- trouble with the disk -----------------------------------------------------------------------------------------


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


PLACES: dict[str, tuple[object, str]] = {
    "checkpoint": (os, "fsync"),
    "log": (EventLog, "append"),
    "best": (keeper, "save_best"),
}


@pytest.mark.parametrize(("where", "name"), PLACES.values(), ids=PLACES)
def test_a_full_disk_is_a_sentence_and_the_run_goes_on_later(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    run = tmp_path / "run"
    events = train(TrainRequest(job=tiny_job(photos), run=run))
    until(events, "checkpoint-saved")
    with monkeypatch.context() as full:
        full.setattr(where, name, refuse)
        with pytest.raises(FinetunerError, match=r"disk is full|No space left") as told:
            list(events)
    assert "resume the run" in told.value.next_step
    assert describe(run).status == ("interrupted" if name == "append" else "failed")
    assert describe(run).resumable
    assert summary(list(resume(ResumeRequest(run=run)))).epochs == 2


def test_closing_on_a_full_disk_tells_it_in_the_log(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = train(TrainRequest(job=tiny_job(photos), run=tmp_path / "run"))
    until(events, "batch-ended")
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse)
        with pytest.raises(FinetunerError, match="disk is full"):
            events.close()  # type: ignore[attr-defined]
    assert describe(tmp_path / "run").status == "failed"


# --- trouble with the images ---------------------------------------------------------------------------------------


@pytest.fixture
def own_photos(photos: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(photos, tmp_path / "photos"))


def begun(job: Job, run: Path) -> RunFolder:
    """A run that was set up and then interrupted."""
    events = train(TrainRequest(job=job, run=run))
    until(events, "plan-drawn")
    events.close()  # type: ignore[attr-defined]
    return RunFolder.open(run)


def test_an_image_that_vanished_is_left_out_with_a_notice(own_photos: Path, tmp_path: Path) -> None:
    run = begun(tiny_job(own_photos), tmp_path / "run")
    gone, _ = run.pinned("train")[3]
    gone.unlink()
    events = list(resume(ResumeRequest(run=run.path)))
    assert f"Left out: The image {gone.name} cannot be used: the file is missing." in [
        event.sentence for event in of(events, Notice)
    ]
    assert of(events, RunStarted)[0].train_images == 29


def test_an_image_that_vanishes_before_the_end_is_not_measured(own_photos: Path, tmp_path: Path) -> None:
    events = train(TrainRequest(job=tiny_job(own_photos, epochs=1), run=tmp_path / "run"))
    until(events, "checkpoint-saved")
    RunFolder(tmp_path / "run").pinned("val")[0][0].unlink()
    rest = list(events)
    assert kinds(rest) == ["notice", "run-ended"]
    assert summary(rest).val_images == 5


def test_when_no_validation_image_is_left_the_run_can_be_resumed(own_photos: Path, tmp_path: Path) -> None:
    events = train(TrainRequest(job=tiny_job(own_photos, epochs=1), run=tmp_path / "run"))
    until(events, "checkpoint-saved")
    for path, _ in RunFolder(tmp_path / "run").pinned("val"):
        path.unlink()
    with pytest.raises(FinetunerError, match="None of the validation images"):
        list(events)
    assert describe(tmp_path / "run").status == "failed"


@pytest.mark.parametrize("split", ["train", "val"])
def test_where_no_image_of_a_kind_is_left_nothing_begins(
    split: str, own_photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setting, "_MANY_UNREADABLE", 1.0)
    run = begun(tiny_job(own_photos), tmp_path / "run")
    for path, _ in run.pinned(split):
        path.unlink()
    with pytest.raises(FinetunerError, match=f"None of the {'training' if split == 'train' else 'validation'} images"):
        list(resume(ResumeRequest(run=run.path)))
    assert describe(run.path).status == "failed"


def test_a_disk_that_was_pulled_out_is_a_sentence(own_photos: Path, tmp_path: Path) -> None:
    run = begun(tiny_job(own_photos), tmp_path / "run")
    own_photos.rename(tmp_path / "elsewhere")
    with pytest.raises(FinetunerError, match="36 of 36 images cannot be read any more") as told:
        list(resume(ResumeRequest(run=run.path)))
    assert "still connected" in told.value.next_step
    (tmp_path / "elsewhere").rename(own_photos)
    assert summary(list(resume(ResumeRequest(run=run.path)))).epochs == 2


def test_one_class_is_nothing_to_learn(tmp_path: Path) -> None:
    data = draw_pictures(tmp_path / "photos", of_each=3, classes=["only"])
    with pytest.raises(FinetunerError, match="holds only the class only"):
        trained(tiny_job(data), tmp_path / "run")


def test_too_few_images_to_validate_on_is_a_sentence(tmp_path: Path) -> None:
    data = draw_pictures(tmp_path / "photos", of_each=1)
    with pytest.raises(FinetunerError, match="too few images"):
        trained(tiny_job(data), tmp_path / "run")


def test_a_job_without_images_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="names no folder of images"):
        trained(Job(), tmp_path / "run")


BAD: dict[str, Callable[[Path], Job]] = {
    "no such backbone": lambda data: tiny_job(data, backbone="resnet_of_nobody"),
    "no such folder": lambda data: tiny_job(data / "absent"),
    "too many frozen": lambda data: tiny_job(data, strategy="freeze", freeze_blocks=99),
}


@pytest.mark.parametrize("job", BAD.values(), ids=BAD)
def test_a_run_that_never_began_leaves_its_folder_free(
    photos: Path, tmp_path: Path, job: Callable[[Path], Job]
) -> None:
    with pytest.raises(FinetunerError):
        trained(job(photos), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_folder_in_use_is_left_alone(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FinetunerError, match="not empty"):
        trained(tiny_job(photos), tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_validation_may_be_a_folder_of_its_own(photos: Path, tmp_path: Path) -> None:
    own = draw_pictures(tmp_path / "own", of_each=2)
    for index, path in enumerate(sorted(own.rglob("*.png"))):
        shutil.copy(photos / path.parent.name / f"{index}.png", path)
    events = trained(tiny_job(photos, val=own, epochs=1), tmp_path / "run")
    started = of(events, RunStarted)[0]
    assert (started.train_images, started.val_images) == (36, 6)
    assert {path.parent.parent for path, _ in run_of(events).pinned("val")} == {own}


def test_the_thread_count_of_the_process_is_left_as_it_was(photos: Path, tmp_path: Path) -> None:
    before = torch.get_num_threads()
    events = train(TrainRequest(job=tiny_job(photos, threads=3), run=tmp_path / "run"))
    until(events, "run-started")
    assert torch.get_num_threads() == 3
    events.close()  # type: ignore[attr-defined]
    assert torch.get_num_threads() == before


def test_the_hostile_folder_trains(tmp_path: Path) -> None:
    hostile = build_hostile(tmp_path / "hostile")
    events = trained(tiny_job(hostile.folder, epochs=1, augmentation="light"), tmp_path / "run")
    figures = summary(events)
    assert figures.train_images + figures.val_images == len(hostile.usable)
    assert f"{len(hostile.refused)} of {hostile.seen} files" in of(events, Notice)[0].sentence
