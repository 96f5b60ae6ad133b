from pathlib import Path

import pytest
import torch

from finetuner.engine.advice.advise import advise
from finetuner.engine.backbones import on_disk, speeds
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import AdviceEnded, BackboneAdvised, Event, Notice, Progress, RunEnded
from finetuner.engine.requests import AdviseRequest, TrainRequest
from finetuner.engine.training import features
from finetuner.engine.training.loop import train
from finetuner.engine.training.speed import condition_of
from tests.engine.backbones.tiny import weight_file
from tests.engine.tiny_job import draw_pictures, tiny_job

NAMES = ("test_resnet.mine", "test_vit.mine")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_pictures(tmp_path_factory.mktemp("data") / "photos")


@pytest.fixture(autouse=True)
def _two_on_disk() -> None:
    for name in NAMES:
        architecture = name.partition(".")[0]
        weight_file(on_disk.weights_dir(), architecture).rename(on_disk.weights_dir() / f"{name}.safetensors")


def asked(photos: Path, *names: str) -> list[Event]:
    return list(advise(AdviseRequest(job=tiny_job(photos), backbones=names)))


def tried(events: list[Event]) -> list[str]:
    return [event.advice.name for event in events if isinstance(event, BackboneAdvised)]


def test_each_answers_as_soon_as_it_is_tried_and_the_last_word_ranks_them(photos: Path) -> None:
    events = asked(photos, *NAMES)
    assert tried(events) == list(NAMES)
    ended = events[-1]
    assert isinstance(ended, AdviceEnded)
    assert sorted(advice.name for advice in ended.ranking) == list(NAMES)
    assert set(ended.frontier) <= set(NAMES)
    assert ended.ranking[0].name in ended.sentence
    assert ended.images == 30


def test_figures_are_shares_with_an_interval_around_them(photos: Path) -> None:
    (told,) = [event for event in asked(photos, NAMES[0]) if isinstance(event, BackboneAdvised)]
    advice = told.advice
    assert 0.34 < advice.low < advice.accuracy <= advice.high <= 1
    assert 0.34 < advice.neighbours <= 1
    assert advice.milliseconds > 0
    assert advice.input_size == 160


def test_unasked_it_tries_everything_on_this_disk(photos: Path) -> None:
    assert set(NAMES) <= set(tried(asked(photos)))


def test_a_damaged_file_is_told_and_the_others_are_tried(photos: Path) -> None:
    (on_disk.weights_dir() / f"{NAMES[0]}.safetensors").write_bytes(b"nonsense")
    events = asked(photos, *NAMES)
    assert tried(events) == [NAMES[1]]
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.sentence.startswith(f"{NAMES[0]} was left out.")


def test_the_chosen_one_starts_with_the_features_computed_here(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(photos, NAMES[0])
    monkeypatch.setattr(features.Frozen, "features", lambda *_: pytest.fail("computed twice"))
    job = tiny_job(photos, backbone=NAMES[0], pretrained=True, image_size=None, strategy="probe", epochs=1)
    *_, ended = train(TrainRequest(job=job, run=tmp_path / "run"))
    assert isinstance(ended, RunEnded)
    assert ended.summary is not None


def test_it_can_be_stopped_and_goes_on_where_it_was(photos: Path) -> None:
    walk = advise(AdviseRequest(job=tiny_job(photos), backbones=NAMES))
    next(event for event in walk if isinstance(event, BackboneAdvised))
    walk.close()
    again = asked(photos, NAMES[0])
    assert tried(again) == [NAMES[0]]


def test_something_always_moves(photos: Path) -> None:
    activities = dict.fromkeys(event.activity for event in asked(photos, NAMES[0]) if isinstance(event, Progress))
    assert list(activities)[-5:] == [
        f"Reading images for {NAMES[0]}",
        f"{NAMES[0]} looks at the images",
        f"Warming up {NAMES[0]}",
        f"Timing {NAMES[0]}",
        f"Judging {NAMES[0]}",
    ]


def test_a_time_that_the_shelf_knows_is_not_taken_again(photos: Path) -> None:
    here = condition_of(torch.device("cpu"))
    speeds.remember(here, "test_resnet", 160, 12.5)
    (told,) = [event for event in asked(photos, NAMES[0]) if isinstance(event, BackboneAdvised)]
    assert told.advice.milliseconds == 12.5


def test_an_unknown_name_is_told_with_the_closest_right_ones(photos: Path) -> None:
    events = asked(photos, "test_resnt", NAMES[0])
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert "Did you mean test_resnet" in notice.next_step


def test_images_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError):
        asked(tmp_path, NAMES[0])
