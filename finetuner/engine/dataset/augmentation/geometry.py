"""The part of augmentation that moves pixels: crop, mirror, shear, shift, turn; one look-up per pixel for all of it.

Maps are matrices N,2,3 from places in the result to places in the square, both from -1 to 1: what `grid_sample` takes.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from finetuner.engine.dataset.augmentation.draw import Numbers, Variation
from finetuner.engine.dataset.augmentation.presets import MOVES, Limits

_GREY = (124.0, 116.0, 104.0)


def moved(squares: Tensor, variation: Variation, limits: Limits, size: int) -> Tensor:
    """uint8 N,R,R,3 -> float32 N,3,S,S on the scale 0..255; where a move looks beyond the square there is grey."""
    warps = _warps(variation, limits)
    if squares.device.type != "cpu":
        return _sampled(squares, _maps(variation, warps, squares.shape[1]), size)
    return _moved_here(squares, variation, warps, size)


def _moved_here(squares: Tensor, variation: Variation, warps: Numbers, size: int) -> Tensor:
    """A processor crops each image several times faster with torch's kernel for bytes than it looks up each pixel."""
    result = torch.empty(len(squares), 3, size, size)
    warped = np.flatnonzero((warps != _unmoved(1)).any(axis=(1, 2)))
    for index in np.setdiff1d(np.arange(len(squares)), warped):
        result[index] = _cropped(squares[index], variation.boxes[index], bool(variation.mirrored[index]), size)
    if len(warped):
        maps = _maps(variation, warps, squares.shape[1])[warped]
        result[warped] = _sampled(squares[warped], maps, size)
    return result


def _cropped(square: Tensor, box: NDArray[np.int64], mirrored: bool, size: int) -> Tensor:
    left, top, width, height = box.tolist()
    part = square[top : top + height, left : left + width].permute(2, 0, 1)[None]
    if (height, width) != (size, size):
        part = functional.interpolate(part, (size, size), mode="bilinear", antialias=True)
    return (part.flip(3) if mirrored else part)[0]


def _sampled(squares: Tensor, maps: Tensor, size: int) -> Tensor:
    grey = torch.tensor(_GREY, device=squares.device).view(1, 3, 1, 1)
    planes = squares.permute(0, 3, 1, 2).to(torch.float32) - grey
    grid = functional.affine_grid(maps.to(squares.device), [len(squares), 3, size, size], align_corners=False)
    return functional.grid_sample(planes, grid, align_corners=False) + grey


def _maps(variation: Variation, warps: Numbers, side: int) -> Tensor:
    """Warp, then mirror, then the box."""
    share = variation.boxes[:, 2:] / side
    centre = 2 * variation.boxes[:, :2] / side + share - 1
    share = share * np.stack([np.where(variation.mirrored, -1, 1), np.ones(len(share))], axis=1)
    maps = warps * share[:, :, None]
    maps[:, :, 2] += centre
    return torch.from_numpy(maps).float()


def _warps(variation: Variation, limits: Limits) -> Numbers:
    """N,2,3: what the steps move, all of them in one."""
    whole = _homogeneous(len(variation.boxes))
    for step in variation.steps:
        matrices = _homogeneous(len(whole))
        for name in MOVES:
            for index in step.of(name):
                matrices[index, :2] = _warp(name, float(step.strengths[index]), limits)
        whole = whole @ matrices
    return whole[:, :2]


def _warp(name: str, strength: float, limits: Limits) -> list[list[float]]:
    shear, shift, angle = strength * limits.shear, 2 * strength * limits.shift, math.radians(strength * limits.turn)
    warps: dict[str, list[list[float]]] = {
        "shear x": [[1, shear, 0], [0, 1, 0]],
        "shear y": [[1, 0, 0], [shear, 1, 0]],
        "shift x": [[1, 0, shift], [0, 1, 0]],
        "shift y": [[1, 0, 0], [0, 1, shift]],
        "turn": [[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0]],
    }
    return warps[name]


def _homogeneous(count: int) -> Numbers:
    return np.tile(np.eye(3), (count, 1, 1))


def _unmoved(count: int) -> Numbers:
    return _homogeneous(count)[:, :2]
