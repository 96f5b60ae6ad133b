from typing import get_args

import pytest
import torch
from torch import Tensor

from finetuner.engine.dataset.augmentation.draw import numbers_of
from finetuner.engine.dataset.augmentation.presets import AUGMENTATIONS
from finetuner.engine.dataset.augmentation.vary import varied
from finetuner.engine.dataset.randomness import uniforms
from finetuner.engine.job import Augmentation

SIDE, SIZE, COUNT = 40, 32, 24
SQUARES = torch.randint(0, 256, (COUNT, SIDE, SIDE, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
RANDOM = [name for name in AUGMENTATIONS if name != "none"]


def made(preset: str, samples: range = range(COUNT), seed: int = 0) -> Tensor:
    chosen = AUGMENTATIONS[preset]
    return varied(SQUARES[list(samples)], chosen, uniforms((seed,), samples, numbers_of(chosen)), SIZE)


def test_the_menu_is_what_a_job_may_ask_for() -> None:
    assert set(AUGMENTATIONS) == set(get_args(Augmentation))


@pytest.mark.parametrize("preset", AUGMENTATIONS)
def test_it_gives_finite_light_at_the_network_s_size(preset: str) -> None:
    images = made(preset)
    assert (images.shape, images.dtype) == ((COUNT, 3, SIZE, SIZE), torch.float32)
    assert images.isfinite().all()
    assert images.min() >= 0
    assert images.max() <= 255


@pytest.mark.parametrize("preset", AUGMENTATIONS)
def test_an_image_s_view_does_not_depend_on_its_batch(preset: str) -> None:
    whole = made(preset)
    parts = [made(preset, range(start, start + 3)) for start in range(0, COUNT, 3)]
    assert torch.equal(whole, torch.cat(parts))


@pytest.mark.parametrize("preset", RANDOM)
def test_another_seed_gives_another_picture(preset: str) -> None:
    one, other = made(preset), made(preset, seed=1)
    assert all(not torch.equal(first, second) for first, second in zip(one, other, strict=True))


def test_none_is_the_centre_whatever_the_seed() -> None:
    centre = SQUARES[:, 4:36, 4:36].permute(0, 3, 1, 2).float()
    assert torch.equal(made("none"), centre)
    assert torch.equal(made("none", seed=1), centre)


def test_light_leaves_the_subject_recognisable() -> None:
    plain, light = made("none"), made("light")
    assert (plain.mean(dim=(1, 2, 3)) - light.mean(dim=(1, 2, 3))).abs().max() < 0.3 * 128
