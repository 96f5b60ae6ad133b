"""Every tone against torchvision's operation."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as operations

from finetuner.engine.dataset.augmentation.draw import Step
from finetuner.engine.dataset.augmentation.presets import Limits
from finetuner.engine.dataset.augmentation.tones import toned

COUNT, SIZE = 4, 16
LIMITS = Limits(tone=0.5, bits=4)
IMAGES = torch.randint(0, 256, (COUNT, 3, SIZE, SIZE), generator=torch.Generator().manual_seed(0)).float()
MILD = 100 + IMAGES / 5  # nothing is cut off on the way
Operation = Callable[[Tensor, float], Tensor]


def step(name: str, *strengths: float) -> Step:
    return Step((name,), np.zeros(len(strengths), np.int64), np.array(strengths))


TORCHVISION: dict[str, Operation] = {
    "brightness": lambda image, s: operations.adjust_brightness(image / 255, 1 + 0.5 * s) * 255,
    "contrast": lambda image, s: operations.adjust_contrast(image / 255, 1 + 0.5 * s) * 255,
    "colour": lambda image, s: operations.adjust_saturation(image / 255, 1 + 0.5 * s) * 255,
    "sharpness": lambda image, s: operations.adjust_sharpness(image / 255, 1 + 0.5 * abs(s)) * 255,
    "posterise": lambda image, s: operations.posterize(image.to(torch.uint8), 8 - round(4 * abs(s))).float(),
    "solarise": lambda image, s: operations.solarize(image / 255, 1 - abs(s)) * 255,
    "stretch": lambda image, s: operations.autocontrast(image / 255) * 255,
    "equalise": lambda image, s: operations.equalize(image.to(torch.uint8)).float(),
}


@pytest.mark.parametrize("name", TORCHVISION)
def test_each_operation_is_torchvision_s_image_by_image(name: str) -> None:
    strengths = (-0.9, -0.25, 0.5, 1.0)
    ours = toned(IMAGES.clone(), (step(name, *strengths),), LIMITS)
    theirs = torch.stack([TORCHVISION[name](image, s) for image, s in zip(IMAGES, strengths, strict=True)])
    assert torch.allclose(ours, theirs, atol=0.02)


def test_several_linear_tones_are_one_after_the_other() -> None:
    plan = {"brightness": (0.3, -0.3, 0.1, 0.0), "contrast": (-0.2, 0.3, 0.0, 0.2), "colour": (0.4, -0.4, 0.2, 0.3)}
    ours = toned(MILD.clone(), tuple(step(name, *strengths) for name, strengths in plan.items()), LIMITS)
    theirs = MILD
    for name, strengths in plan.items():
        theirs = torch.stack([TORCHVISION[name](image, s) for image, s in zip(theirs, strengths, strict=True)])
    assert torch.allclose(ours, theirs, atol=0.02)


def test_linear_tones_wait_for_the_ones_that_are_not() -> None:
    steps = (step("brightness", 0.4, 0.4, 0.4, 0.4), step("solarise", 0.5, 0.5, 0.5, 0.5), step("contrast", *[0.4] * 4))
    ours = toned(MILD.clone(), steps, LIMITS)
    theirs = MILD
    for name, strength in (("brightness", 0.4), ("solarise", 0.5), ("contrast", 0.4)):
        theirs = torch.stack([TORCHVISION[name](image, strength) for image in theirs])
    assert torch.allclose(ours, theirs, atol=0.02)


def test_an_image_whose_operation_is_nothing_stays_as_it_is() -> None:
    mixed = Step(("nothing", "equalise", "contrast"), np.array([0, 1, 2, 0]), np.full(COUNT, 0.5))
    ours = toned(IMAGES.clone(), (mixed,), LIMITS)
    assert torch.allclose(ours[[0, 3]], IMAGES[[0, 3]], atol=1e-3)
    assert not torch.allclose(ours[[1, 2]], IMAGES[[1, 2]], atol=5)
