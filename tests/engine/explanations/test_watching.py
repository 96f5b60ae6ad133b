"""An image watched while the network learns: what is kept of it, and that it changes nothing."""

from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import nn

from finetuner.engine.events import Event, Notice, RunEnded, Watched
from finetuner.engine.explanations.watching import SIDE, resume, train
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.observer import undisturbed
from tests.engine.tiny_job import CLASSES, draw_pictures, fingerprint, tiny_job

RESTLESS: dict[str, object] = {
    "ema": 0.9, "mixup": 0.2, "dropout": 0.2, "augmentation": "light", "batch_norm": "train", "epochs": 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_pictures(tmp_path_factory.mktemp("watch") / "photos")


def trained(photos: Path, run: Path, **options: object) -> list[Event]:
    return list(train(TrainRequest(job=tiny_job(photos, **options), run=run)))


def watched(events: list[Event]) -> list[Watched]:
    return [event for event in events if isinstance(event, Watched)]


def told(run: Path) -> list[int]:
    """The epochs of which the run's log tells what the network said."""
    return [event.epoch for event in watched([entry.event for entry in RunFolder.open(run).events.entries()])]


@pytest.mark.parametrize("options", [RESTLESS, {"strategy": "lp-ft"}, {"strategy": "gradual", "epochs": 3}])
def test_watching_changes_no_bit_of_the_result(photos: Path, tmp_path: Path, options: dict[str, object]) -> None:
    for name, watch in (("watched", "auto"), ("alone", "none")):
        seen = watched(trained(photos, tmp_path / name, watch=watch, **options))
        assert bool(seen) == (watch == "auto")
    assert fingerprint(tmp_path / "watched") == fingerprint(tmp_path / "alone")
    states = [RunFolder.open(tmp_path / name).checkpoints.newest() for name in ("watched", "alone")]
    for file in ("model.safetensors", "optimizer.safetensors"):
        one, other = ((state / file).read_bytes() for state in states if state is not None)
        assert one == other


def test_after_each_epoch_it_is_told_what_the_network_says(photos: Path, tmp_path: Path) -> None:
    seen = watched(trained(photos, tmp_path / "run", epochs=3, watch="auto"))
    assert [event.epoch for event in seen] == told(tmp_path / "run") == [1, 2, 3]
    for event in seen:
        assert event.truth == Path(event.image).parent.name
        assert {name for name, _ in event.top} == set(CLASSES)
        assert sum(share for _, share in event.top) == pytest.approx(1)
        with Image.open(tmp_path / "run" / event.picture) as picture:
            assert picture.size == (SIDE, SIDE)
            assert picture.text["epoch"] == str(event.epoch)
    assert len({event.top for event in seen}) == 3


def test_a_head_that_is_solved_at_once_is_one_picture(photos: Path, tmp_path: Path) -> None:
    (seen,) = watched(trained(photos, tmp_path / "run", strategy="probe", watch="auto"))
    assert seen.epoch == 1
    assert (tmp_path / "run" / seen.picture).is_file()


def test_any_image_may_be_watched(photos: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.png"
    Image.new("RGB", (90, 50), "red").save(other)
    first, _ = watched(trained(photos, tmp_path / "run", watch=str(other)))
    assert first.image == str(other)
    assert first.truth is None


def test_an_image_that_cannot_be_read_is_told_once_and_training_goes_on(photos: Path, tmp_path: Path) -> None:
    events = trained(photos, tmp_path / "run", watch=str(tmp_path / "gone.png"))
    notices = [event.sentence for event in events if isinstance(event, Notice) and "watched image" in event.sentence]
    assert len(notices) == 1
    assert "missing" in notices[0]
    assert isinstance(events[-1], RunEnded)
    assert events[-1].status == "done"
    assert watched(events) == []


@pytest.mark.parametrize("kind", ["watched", "checkpoint-saved", "batch-ended"])
def test_a_resumed_run_tells_of_each_epoch_once(photos: Path, tmp_path: Path, kind: str) -> None:
    events = train(TrainRequest(job=tiny_job(photos, epochs=3, watch="auto"), run=tmp_path / "run"))
    next(event for event in events if event.kind == kind)
    events.close()
    list(resume(ResumeRequest(run=tmp_path / "run")))
    assert told(tmp_path / "run") == [1, 2, 3]


def test_whoever_looks_leaves_modes_and_random_numbers_as_they_were() -> None:
    model = nn.Sequential(nn.BatchNorm2d(3), nn.Dropout())
    model[0].eval()
    torch.manual_seed(3)
    with undisturbed(model):
        assert not model.training
        torch.rand(5)
    assert [module.training for module in model.modules()] == [True, False, True]
    after = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(after, torch.rand(1))
