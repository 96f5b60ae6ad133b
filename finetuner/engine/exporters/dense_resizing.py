"""The deployed module without arithmetic on sizes, for makers whose converters know none: Core ML and TensorRT.

The size of an image is told by counting its rows and columns. Cut and antialiased resize are two products with matrices
of weights, which are zero outside the centre square. They are dense: more multiplications than `resizing` needs, and no
index, range or slice that depends on the image.
"""

import numpy as np
import torch
from torch import Tensor, nn

from finetuner.engine.backbones.deployed import Deployed
from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.errors import FinetunerError

LARGEST = 8192
"""Pixels along a side of an image; above it single floats no longer tell one row from the next well enough."""


class AnySize(nn.Module):
    """float32 1,3,H,W on the scale 0..255 (RGB) -> what `deployed` answers."""

    def __init__(self, deployed: Deployed) -> None:
        super().__init__()
        self.deployed = deployed
        self.resize = DenseResize(deployed.preprocess)

    def forward(self, planes: Tensor) -> tuple[Tensor, ...]:
        """Cut, resize, normalise, answer."""
        return self.deployed.answer(self.deployed.preprocess.normalise(self.resize(planes)))


class BytesOfAnySize(AnySize):
    """uint8 N,H,W,3 (RGB) -> what `deployed` answers. First of all they become floats."""

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Cut, resize, normalise, answer."""
        return super().forward(image.to(torch.float32).permute(0, 3, 1, 2))


class DenseResize(nn.Module):
    """float32 N,3,H,W -> N,3,S,S on the same scale: `deploy.centre_square` and `Preprocess.resize` in one."""

    outputs: Tensor

    def __init__(self, rule: Preprocess) -> None:
        super().__init__()
        self.size, self.crop_permille, self.interpolation = rule.size, rule.crop_permille, rule.interpolation
        self.register_buffer("outputs", torch.arange(rule.size, dtype=torch.float32)[:, None] + 0.5, persistent=False)

    def forward(self, planes: Tensor) -> Tensor:
        """Weigh the rows, then the columns."""
        rows, columns = _counted(planes[0, 0, :, 0]), _counted(planes[0, 0, 0, :])
        height, width = _last(rows), _last(columns)
        side = self._side(torch.minimum(height, width))
        down, across = self._weights(rows, height, side), self._weights(columns, width, side)
        return torch.matmul(torch.matmul(down[None, None], planes), across.transpose(0, 1)[None, None])

    def _side(self, shorter: Tensor) -> Tensor:
        """Of the centre square. The half keeps the quotient off whole numbers, where rounding would decide."""
        return torch.clamp(torch.floor((shorter * self.crop_permille + 500.5) / 1000), min=1.0)

    def _weights(self, counted: Tensor, length: Tensor, side: Tensor) -> Tensor:
        """How much of each row of the image goes into each row of the answer: size x length."""
        places = counted - 1 - torch.floor((length - side) / 2)
        scale = side / self.size
        distances = torch.abs(places[None] + 0.5 - self.outputs * scale) / torch.clamp(scale, min=1.0)
        inside = torch.clamp(places + 1, 0.0, 1.0) * torch.clamp(side - places, 0.0, 1.0)
        weights = self._kernel(distances) * inside[None]
        return weights / weights.sum(1, keepdim=True)

    def _kernel(self, distance: Tensor) -> Tensor:
        return torch.relu(1 - distance) if self.interpolation == "bilinear" else _cubic(distance)


def _counted(line: Tensor) -> Tensor:
    """1, 2, 3 ... as many as there are pixels in it; exact far beyond LARGEST."""
    return torch.cumsum(torch.ones_like(line), 0)


def _last(counted: Tensor) -> Tensor:
    return torch.amax(counted, 0, keepdim=True)


def _cubic(distance: Tensor) -> Tensor:
    """Keys' cubic with a = -0.5, which torch takes where it is antialiased."""
    near, far = torch.clamp(distance, 0.0, 1.0), torch.clamp(distance, 1.0, 2.0)
    inner = (1.5 * near - 2.5) * near * near + 1
    outer = ((-0.5 * far + 2.5) * far - 4) * far + 2
    return inner + outer


def refuse_larger(pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> None:
    """Raises FinetunerError for an image that is too large to be resized here."""
    height, width = pixels.shape[:2]
    if max(height, width) > LARGEST:
        raise FinetunerError(
            f"An image of {width} x {height} pixels is too large for this format, which takes up to {LARGEST} a side.",
            "Export onnx, which takes any size.",
        )
