"""Where black and white are among normalised pixels."""

from dataclasses import dataclass

import torch
from torch import Tensor

from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.dataset.preprocessing import Preprocessing


@dataclass(frozen=True)
class Pixels:
    """`black` and `white` as the network gets them, 1,3,1,1 each."""

    black: Tensor
    white: Tensor

    def shown(self, images: Tensor) -> Tensor:
        """Normalised images N,3,S,S as they look: float N,S,S,3 from 0 to 1."""
        return ((images - self.black) / (self.white - self.black)).clamp(0, 1).permute(0, 2, 3, 1)

    def clamped(self, images: Tensor) -> Tensor:
        """The nearest images N,3,S,S that can be shown."""
        return torch.maximum(torch.minimum(images, self.white), self.black)


def pixels_of(preprocess: Preprocess) -> Pixels:
    """Those of a deployed model."""
    plain = torch.zeros(1, 3, 1, 1)
    return Pixels(preprocess.normalise(plain), preprocess.normalise(plain + 255))


IMAGENET = pixels_of(Preprocess(Preprocessing()))
"""Those of the usual mean and deviation."""


class OnPixels:
    """A method that must know what black and white are."""

    def __init__(self, pixels: Pixels = IMAGENET) -> None:
        self.pixels = pixels
