"""Images without content, from which a picture emerges."""

import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.explanations.pixels import Pixels

_BLUR = 0.1
"""Deviation of the blur as a share of the image's side."""


def blurred(images: Tensor) -> Tensor:
    """Images N,3,S,S so soft that only their colours are left; mirrored at the edges."""
    side = images.shape[-1]
    deviation = max(side * _BLUR, 0.5)
    reach = min(int(3 * deviation), side - 1)
    places = torch.arange(-reach, reach + 1, dtype=images.dtype)
    kernel = torch.exp(-((places / deviation) ** 2) / 2)
    kernel = (kernel / kernel.sum()).expand(3, 1, 1, -1)
    padded = functional.pad(images, (reach,) * 4, mode="reflect")
    return functional.conv2d(functional.conv2d(padded, kernel, groups=3), kernel.mT, groups=3)


def noise(image: Tensor, pixels: Pixels, count: int) -> Tensor:
    """`count` images of the size of `image` (1,3,S,S), each pixel drawn between black and white."""
    drawn = torch.rand(count, *image.shape[1:], generator=torch.Generator().manual_seed(0))
    return pixels.black + drawn * (pixels.white - pixels.black)


def plain(image: Tensor, pixels: Pixels, count: int) -> Tensor:
    """`count` images of one colour each, drawn between black and white."""
    drawn = torch.rand(count, 3, 1, 1, generator=torch.Generator().manual_seed(0))
    return (pixels.black + drawn * (pixels.white - pixels.black)).expand(-1, -1, *image.shape[2:])
