"""The mover against torchvision's, and the two ways of moving against each other."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torchvision.transforms.v2 import functional as operations

from finetuner.engine.dataset.augmentation import geometry
from finetuner.engine.dataset.augmentation.draw import Step, Variation
from finetuner.engine.dataset.augmentation.presets import Limits

SIDE, SIZE = 64, 64
LIMITS = Limits(shear=0.3, shift=0.25, turn=30)


def smooth() -> Tensor:
    """uint8 SIDE,SIDE,3: an image in which neighbours are alike, so that half a pixel matters little."""
    noise = torch.rand(1, 3, 6, 6, generator=torch.Generator().manual_seed(3)) * 255
    return functional.interpolate(noise, (SIDE, SIDE), mode="bicubic").clamp(0, 255)[0].permute(1, 2, 0).to(torch.uint8)


def step(name: str, amount: float) -> Step:
    return Step((name,), np.zeros(1, np.int64), np.array([amount]))


def variation(box: tuple[int, int, int, int], mirrored: bool = False, **moves: float) -> Variation:
    steps = tuple(
        Step((name.replace("_", " "),), np.zeros(1, np.int64), np.array([amount])) for name, amount in moves.items()
    )
    return Variation(np.array([box]), np.array([mirrored]), steps)


def moved(chosen: Variation, size: int = SIZE) -> Tensor:
    return geometry.moved(smooth()[None], chosen, LIMITS, size)[0]


def sampled(chosen: Variation, size: int) -> Tensor:
    """As a device that is no processor does it."""
    maps = geometry._maps(chosen, geometry._warps(chosen, LIMITS), SIDE)
    return geometry._sampled(smooth()[None], maps, size)[0]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("box", [(0, 0, 64, 64), (3, 10, 50, 44), (20, 0, 32, 64)])
def test_looking_up_pixels_agrees_with_cropping(box: tuple[int, int, int, int], mirrored: bool) -> None:
    chosen = variation(box, mirrored)
    apart = (moved(chosen) - sampled(chosen, SIZE)).abs()
    assert apart[:, 2:-2, 2:-2].max() < 2  # at the border one of them looks beyond the box


def test_a_box_of_the_right_size_is_cut_out_untouched() -> None:
    chosen = variation((5, 9, 32, 32))
    assert torch.equal(moved(chosen, 32), smooth()[9:41, 5:37].permute(2, 0, 1).float())
    assert torch.allclose(sampled(chosen, 32), moved(chosen, 32), atol=0.05)


@pytest.mark.parametrize(
    ("name", "angle", "shift", "shear"),
    [
        ("turn", 0.5 * 30, (0, 0), (0.0, 0.0)),
        ("shift_x", 0, (-0.5 * 0.25 * SIDE, 0), (0.0, 0.0)),
        ("shift_y", 0, (0, -0.5 * 0.25 * SIDE), (0.0, 0.0)),
        ("shear_x", 0, (0, 0), (math.degrees(math.atan(0.5 * 0.3)), 0.0)),
    ],
)
def test_moves_are_those_of_torchvision(
    name: str, angle: float, shift: tuple[float, float], shear: tuple[float, float]
) -> None:
    ours = moved(variation((0, 0, SIDE, SIDE), **{name: 0.5}))
    theirs = operations.affine(
        smooth().permute(2, 0, 1).float(),
        angle=-angle,
        translate=[round(value) for value in shift],
        scale=1.0,
        shear=list(shear),
        interpolation=operations.InterpolationMode.BILINEAR,
        fill=[124.0, 116.0, 104.0],
    )
    assert (ours - theirs).abs().mean() < 2
    assert (ours - smooth().permute(2, 0, 1)).abs().mean() > 5


def test_beyond_the_square_there_is_grey() -> None:
    shifted = geometry.moved(smooth()[None], variation((0, 0, SIDE, SIDE), shift_x=1.0), Limits(shift=0.5), SIZE)[0]
    assert torch.allclose(shifted[:, :, -1], torch.tensor([124.0, 116.0, 104.0])[:, None])


def test_steps_follow_one_another() -> None:
    there_and_back = variation((0, 0, SIDE, SIDE), shift_x=0.4, shift_y=0.4)
    both = geometry._warps(there_and_back, LIMITS)[0]
    assert both[0, 2] == pytest.approx(0.2)
    assert both[1, 2] == pytest.approx(0.2)
