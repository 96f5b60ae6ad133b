from pathlib import Path

import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.two_runs import compare_runs
from finetuner.engine.events import (
    BatchEnded,
    EpochEnded,
    Event,
    RaceEnded,
    RaceEntered,
    RaceScored,
    RunEnded,
    RunStarted,
)
from finetuner.engine.requests import RaceRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.runs import list_runs
from finetuner.engine.training.loop import train
from finetuner.engine.training.race import Stopwatch, race
from tests.engine.tiny_job import draw_pictures, tiny_job


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_pictures(tmp_path_factory.mktemp("data") / "pictures")


def request(pictures: Path, folder: Path, *strategies: str, seconds: float = 1e6) -> RaceRequest:
    return RaceRequest(job=tiny_job(pictures), out=folder / "race", seconds=seconds, strategies=strategies)


def last(events: list[Event]) -> RaceEnded:
    assert isinstance(events[-1], RaceEnded)
    return events[-1]


def test_each_entry_is_an_ordinary_run_judged_on_the_same_images(pictures: Path, tmp_path: Path) -> None:
    events = list(race(request(pictures, tmp_path, "probe", "full")))
    ended = last(events)
    assert {Path(entry.run).name for entry in ended.ranking} == {"race-probe", "race-full"}
    assert {info.name for info in list_runs(tmp_path)} == {"race-probe", "race-full"}
    assert ended.winner in {entry.run for entry in ended.ranking}
    assert (ended.status, ended.budget) == ("done", 1e6)
    one, two = (Path(entry.run) for entry in ended.ranking)
    assert compare_runs(one, two).comparison.pairs.images == ended.ranking[0].images == 6
    kinds = [type(event) for event in events if isinstance(event, RaceEntered | RunStarted | RunEnded | RaceScored)]
    assert kinds == [RaceEntered, RunStarted, RunEnded, RaceScored] * 2


def test_the_budget_is_shared_equally(pictures: Path, tmp_path: Path) -> None:
    entered = [e for e in race(request(pictures, tmp_path, "probe", "full")) if isinstance(e, RaceEntered)]
    assert [(e.number, e.entries, e.strategy, e.seconds) for e in entered] == [
        (1, 2, "probe", 5e5),
        (2, 2, "full", 5e5),
    ]
    assert RunFolder.open(Path(entered[1].run)).job.optimisation.time_limit == 5e5


def test_however_little_time_every_entry_gets_a_model(pictures: Path, tmp_path: Path) -> None:
    events = list(race(request(pictures, tmp_path, "full", "gradual", seconds=1e-6)))
    assert len(last(events).ranking) == 2
    assert [e.epoch for e in events if isinstance(e, EpochEnded)] == [1, 1]
    assert all((Path(entry.run) / "best" / "model.safetensors").is_file() for entry in last(events).ranking)


def test_stopping_one_keeps_what_is_done_and_cancels_the_rest(pictures: Path, tmp_path: Path) -> None:
    told = []
    for event in race(request(pictures, tmp_path, "probe", "full", "gradual")):
        told.append(event)
        if isinstance(event, EpochEnded) and len([e for e in told if isinstance(e, RaceEntered)]) == 2:
            RunFolder(tmp_path / "race-full").control.ask("stop")
    ended = last(told)
    assert ended.status == "stopped"
    assert {entry.strategy: entry.status for entry in ended.ranking} == {"probe": "done", "full": "stopped"}
    assert not (tmp_path / "race-gradual").exists()


def test_closing_it_leaves_the_runs_that_are_done(pictures: Path, tmp_path: Path) -> None:
    story = race(request(pictures, tmp_path, "probe", "full"))
    next(event for event in story if isinstance(event, RaceScored))
    story.close()
    assert [(info.name, info.status) for info in list_runs(tmp_path)] == [("race-probe", "done")]


def test_an_unknown_strategy_is_told_before_anything_is_trained(pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="no strategy called magic"):
        list(race(request(pictures, tmp_path, "probe", "magic")))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_taken_is_left_out_once_there_is_something_to_rank(pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "race-full").mkdir()
    (tmp_path / "race-full" / "mine.txt").write_text("keep")
    ended = last(list(race(request(pictures, tmp_path, "probe", "full"))))
    assert [entry.strategy for entry in ended.ranking] == ["probe"]
    (tmp_path / "race-probe-2").mkdir()
    with pytest.raises(FinetunerError, match="not empty"):
        list(race(request(pictures, tmp_path, "full")))


def test_a_time_limit_ends_a_run_with_its_best_kept(pictures: Path, tmp_path: Path) -> None:
    job = tiny_job(pictures, time_limit=1e-6, epochs=5)
    events = list(train(TrainRequest(job=job, run=tmp_path / "run")))
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.status == "done"
    assert "seconds of training" in ended.sentence
    assert ended.summary is not None
    assert (ended.summary.epochs, ended.summary.best_epoch) == (1, 1)


def epoch(seconds: float) -> EpochEnded:
    return EpochEnded(
        epoch=1, epochs=1, train_loss=1, val_loss=1, val_accuracy=1, rates=(), images_per_second=1, seconds=seconds,
        best=True,
    )  # fmt: skip


def batch() -> BatchEnded:
    return BatchEnded(
        step=1, steps=1, epoch=1, loss=1, rates=(), images_per_second=1, seconds_left=0, memory_mb=1,
    )  # fmt: skip


def test_who_comes_first_is_not_charged_alone_for_what_all_need() -> None:
    watch, measured = Stopwatch(), []
    for story in ([epoch(9)], [epoch(0.1), batch(), batch(), epoch(5)], [batch(), epoch(4), batch(), epoch(3)]):
        watch.reset()
        for event in story:
            watch.see(event)
        measured.append(watch.seconds)
    assert measured == [9, 14, 7]
