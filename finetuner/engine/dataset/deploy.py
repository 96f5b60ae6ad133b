"""The deployed preprocessing as one torch module: predict, evaluate, live and the exported graph all run it."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.dataset.preprocessing import Preprocessing


class Preprocess(nn.Module):
    """uint8 N,H,W,3 (RGB) -> float32 N,3,S,S: centre square, one antialiased resize, normalise.

    Any H and W of at least one pixel; sizes stay symbolic, so that the exported graph takes any image.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.size = preprocessing.input_size
        self.interpolation = preprocessing.interpolation
        self.crop_permille = round(preprocessing.crop_pct * 1000)
        self.register_buffer("mean", _per_channel(preprocessing.mean), persistent=False)
        self.register_buffer("std", _per_channel(preprocessing.std), persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Return the network's input for a batch of equally large images."""
        return self.normalise(self.resize(centre_square(images, self.crop_permille)))

    def seen(self, images: Tensor) -> Tensor:
        """What the network sees of uint8 N,H,W,3, before normalisation and rounded to uint8: N,S,S,3."""
        planes = self.resize(centre_square(images, self.crop_permille))
        return planes.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)

    def resize(self, images: Tensor) -> Tensor:
        """uint8 N,h,w,3 -> float32 N,3,S,S on the scale 0..255.

        Planes that lie one behind the other are resized in half the time.
        """
        planes = images.permute(0, 3, 1, 2).to(torch.float32, memory_format=torch.contiguous_format)
        return self.resize_planes(planes)

    def resize_planes(self, planes: Tensor) -> Tensor:
        """float32 N,3,h,w -> N,3,S,S on the same scale."""
        return functional.interpolate(planes, size=(self.size, self.size), mode=self.interpolation, antialias=True)

    def normalise(self, planes: Tensor) -> Tensor:
        """Planes on the scale 0..255 -> zero mean, unit deviation by the weights' statistics."""
        return (planes - self.mean) / self.std


def centre_square(images: Tensor, crop_permille: int) -> Tensor:
    """Cut the centre square of side `min(h, w) * crop_permille / 1000`, at least one pixel, from N,H,W,3."""
    height, width = images.shape[1], images.shape[2]
    side = torch.sym_max((torch.sym_min(height, width) * crop_permille + 500) // 1000, 1)
    rows = images.narrow(1, (height - side) // 2, side)
    square = rows.narrow(2, (width - side) // 2, side)
    torch._check(square.shape[1] > 0)  # the exporter cannot prove it where the square is the whole image
    torch._check(square.shape[2] > 0)
    return square


def _per_channel(values: tuple[float, float, float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float32).mul(255).view(1, 3, 1, 1)
