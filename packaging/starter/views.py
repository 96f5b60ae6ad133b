"""Views: random crops and flips, the same for teacher and student, drawn from (view, image)."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

COUNT = 4
LEAST_AREA = 0.3
_RATIO = 4 / 3


def boxes(view: int, images: int) -> Tensor:
    """Crops of all images for one view, n,5: centre x, centre y, half width, half height (of -1..1), flip (-1 or 1)."""
    generator = np.random.default_rng((0, view))
    area, shape, x, y, flip = generator.random((5, images))
    area = LEAST_AREA + (1 - LEAST_AREA) * area
    ratio = _RATIO ** (2 * shape - 1)
    width, height = np.minimum(1, np.sqrt(area * ratio)), np.minimum(1, np.sqrt(area / ratio))
    centres = (2 * x - 1) * (1 - width), (2 * y - 1) * (1 - height)
    return torch.from_numpy(np.stack([*centres, width, height, np.where(flip < 0.5, -1, 1)], 1)).float()


def cut(pixels: Tensor, boxes: Tensor, size: int, mode: str) -> Tensor:
    """uint8 n,s,s,3 and n,5 -> float32 n,3,size,size in 0..1, channels last."""
    x, y, width, height, flip = boxes.T
    zero = torch.zeros_like(x)
    rows = torch.stack([width * flip, zero, x]), torch.stack([zero, height, y])
    grid = functional.affine_grid(torch.stack(rows).permute(2, 0, 1), [len(x), 3, size, size], align_corners=False)
    planes = pixels.permute(0, 3, 1, 2).float().div(255)
    crops = functional.grid_sample(planes, grid, mode, "reflection", align_corners=False)
    return crops.clamp(0, 1).contiguous(memory_format=torch.channels_last)


def jitter(planes: Tensor, seed: tuple[int, ...], strength: float = 0.4) -> Tensor:
    """Brightness, contrast and saturation of every image changed by up to `strength`; some turned grey."""
    generator = np.random.default_rng(seed)
    factors = torch.from_numpy(1 + strength * (2 * generator.random((3, len(planes), 1, 1, 1)) - 1)).float()
    brightness, contrast, saturation = factors
    saturation = torch.where(torch.from_numpy(generator.random((len(planes), 1, 1, 1))) < 0.05, 0.0, saturation)
    planes = planes * brightness
    mean = planes.mean((1, 2, 3), keepdim=True)
    planes = mean + (planes - mean) * contrast
    grey = planes.mean(1, keepdim=True)
    return (grey + (planes - grey) * saturation).clamp(0, 1)
