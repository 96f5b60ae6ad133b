"""Resting blocks run once for each kept view; what is learned is the same as if they ran every time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from finetuner.engine.events import Event, Progress
from finetuner.engine.requests import TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training import resting
from finetuner.engine.training.loop import train
from tests.engine.tiny_job import draw_pictures, tiny_job

IMAGES = 18  # 15 to train on, 3 to validate on


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_pictures(tmp_path_factory.mktemp("resting") / "photos", of_each=6)


def trained(photos: Path, run: Path, **options: object) -> list[Event]:
    job = tiny_job(photos, **{"strategy": "freeze", "epochs": 6, "augmentation": "light"} | options)
    return list(train(TrainRequest(job=job, run=run)))


def weights(run: Path) -> dict[str, Tensor]:
    return safetensors.torch.load_file(RunFolder.open(run).best / "model.safetensors")


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many images go through the first convolution, call by call; trials with one or two images aside."""
    seen: list[int] = []
    whole = nn.Conv2d.forward

    def forward(self: nn.Conv2d, images: Tensor) -> Tensor:
        if self.in_channels == 3 and len(images) > 2:
            seen.append(len(images))
        return whole(self, images)

    with mock.patch.object(nn.Conv2d, "forward", forward):
        yield seen


def test_what_rests_runs_once_for_each_view(photos: Path, tmp_path: Path) -> None:
    with counted() as seen:
        trained(photos, tmp_path / "one", kept_views=2)
    with counted() as always:
        trained(photos, tmp_path / "two", kept_views=0)
    train_images = IMAGES - 3
    final = 3  # the best model is measured on the validation images
    unknown = train_images  # and looks at those that others are compared with
    assert sum(seen) == 2 * train_images + 3 + final + unknown
    assert sum(always) >= 6 * IMAGES


@pytest.mark.parametrize("strategy", ["freeze", "gradual"])
def test_the_weights_are_those_of_running_every_time(strategy: str, photos: Path, tmp_path: Path) -> None:
    common = {"augmentation": "none", "strategy": strategy, "epochs": 5}
    trained(photos, tmp_path / "kept", kept_views=3, **common)
    trained(photos, tmp_path / "always", kept_views=0, **common)
    kept, always = weights(tmp_path / "kept"), weights(tmp_path / "always")
    for name, tensor in kept.items():
        torch.testing.assert_close(tensor, always[name], rtol=1e-3, atol=1e-5)


def test_gradual_unfreezing_notes_all_lines_in_one_pass(photos: Path, tmp_path: Path) -> None:
    events = trained(photos, tmp_path / "run", strategy="gradual", epochs=6, augmentation="none")
    passes = [event for event in events if isinstance(event, Progress) and event.activity.startswith("Running the")]
    assert [event.done for event in passes] == [15, 3]


@pytest.mark.parametrize("options", [{"ema": 0.9}, {"mixup": 0.2}, {"kept_views": 0}])
def test_what_needs_new_images_in_every_step_keeps_nothing(
    options: dict[str, object], photos: Path, tmp_path: Path
) -> None:
    events = trained(photos, tmp_path / "run", **options)
    assert not any(isinstance(event, Progress) and event.activity.startswith("Running the") for event in events)


def test_what_does_not_fit_is_run_every_time(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "BUDGET", 1000)
    with counted() as seen:
        trained(photos, tmp_path / "run")
    assert sum(seen) >= 6 * IMAGES
