from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from PIL import Image

from finetuner.engine.dataset.augmentation import AUGMENTATIONS, augmented, preview
from finetuner.engine.events import PreviewMade
from finetuner.engine.job import Augmentation
from finetuner.engine.requests import PreviewRequest

SIZE = 32
IMAGE = torch.randint(0, 256, (3, 40, 40), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def test_the_menu_is_what_a_job_may_ask_for() -> None:
    assert set(AUGMENTATIONS) == set(get_args(Augmentation))


@pytest.mark.parametrize("preset", AUGMENTATIONS)
def test_it_gives_the_network_s_size_and_repeats_by_its_seed(preset: str) -> None:
    transform = AUGMENTATIONS[preset](SIZE)
    first = augmented(transform, IMAGE, 1, 2, 3)
    torch.rand(5)
    assert (first.shape, first.dtype) == ((3, SIZE, SIZE), torch.uint8)
    assert torch.equal(first, augmented(transform, IMAGE, 1, 2, 3))


@pytest.mark.parametrize("preset", [name for name in AUGMENTATIONS if name != "none"])
def test_another_seed_gives_another_picture(preset: str) -> None:
    transform = AUGMENTATIONS[preset](SIZE)
    assert not torch.equal(augmented(transform, IMAGE, 0, 0, 0), augmented(transform, IMAGE, 0, 0, 1))


def test_none_is_the_centre_whatever_the_seed() -> None:
    assert torch.equal(augmented(AUGMENTATIONS["none"](SIZE), IMAGE, 7), IMAGE[:, 4:36, 4:36])


@pytest.mark.parametrize("preset", AUGMENTATIONS)
def test_a_preview_shows_the_plain_image_and_its_variations(tmp_path: Path, preset: Augmentation) -> None:
    Image.fromarray(IMAGE.permute(1, 2, 0).numpy()).resize((90, 60)).save(tmp_path / "photo.png")
    request = PreviewRequest(
        image=tmp_path / "photo.png", augmentation=preset, folder=tmp_path / "out", size=48, count=3
    )
    (made,) = preview(request)
    assert isinstance(made, PreviewMade)
    plain, *varied = (np.asarray(Image.open(path)) for path in made.images)
    assert len(varied) == 3
    assert {picture.shape for picture in (plain, *varied)} == {(48, 48, 3)}
    assert all((picture == plain).all() for picture in varied) == (preset == "none")
