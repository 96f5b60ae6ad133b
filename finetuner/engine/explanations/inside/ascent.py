"""An image that climbs a gradient."""

from collections.abc import Callable

import torch
from torch import Tensor

from finetuner.engine.explanations.pixels import Pixels

Score = Callable[[Tensor], Tensor]
"""Normalised images 1,3,S,S -> how well it is liked."""


class Canvas:
    """An image painted by frequencies (Olah et al., Feature Visualization, 2017): no direction of change is favoured.

    `spectrum` is what is learned; each frequency is weighed by its length, as in photos.
    """

    def __init__(self, side: int, pixels: Pixels) -> None:
        source = torch.Generator().manual_seed(0)
        rows, columns = torch.fft.fftfreq(side)[:, None], torch.fft.rfftfreq(side)[None]
        self._weights = 1 / (rows**2 + columns**2).sqrt().clamp(min=1 / side)
        self._side, self._pixels = side, pixels
        self.spectrum = (torch.randn(3, *self._weights.shape, 2, generator=source) * 0.01).requires_grad_()

    def image(self) -> Tensor:
        """The image as the network takes it: 1,3,S,S."""
        spectrum = torch.view_as_complex(self.spectrum) * self._weights
        painted = torch.fft.irfft2(spectrum, s=(self._side, self._side), norm="ortho") / 4
        return self._pixels.black + painted.sigmoid()[None] * (self._pixels.white - self._pixels.black)


def jittered(images: Tensor, reach: int, source: torch.Generator) -> Tensor:
    """The same, shifted a little in a random direction, so that nothing hangs on single pixels."""
    down, right = torch.randint(-reach, reach + 1, (2,), generator=source).tolist()
    return images.roll((down, right), dims=(2, 3))
