"""The part of augmentation that changes pixels where they are. Brightness, contrast and colour are linear in a pixel,
so that any number of them in a row is one matrix per image; the result is cut off at black and white once, at the end.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torchvision.transforms.v2 import functional as operations

from finetuner.engine.dataset.augmentation.draw import Numbers, Step
from finetuner.engine.dataset.augmentation.presets import LINEAR_TONES, OTHER_TONES, Limits

_LUMA = np.array([0.2989, 0.587, 0.114])  # ITU-R BT.601, as Pillow and torchvision weigh them


def toned(images: Tensor, steps: tuple[Step, ...], limits: Limits) -> Tensor:
    """float32 N,3,S,S on the scale 0..255 -> the same, changed as the steps say. The argument may be overwritten."""
    pending = None
    for step in steps:
        if any(len(step.of(name)) for name in LINEAR_TONES):
            pending = _Linear(images) if pending is None else pending
            pending.add(step, limits)
        for name in OTHER_TONES:
            if len(chosen := step.of(name)):
                images, pending = images if pending is None else pending.applied(images), None
                images[chosen] = OPERATIONS[name](images[chosen], np.abs(step.strengths[chosen]), limits)
    return images if pending is None else pending.applied(images)


class _Linear:
    """A matrix and an offset per image, grown by steps of brightness, contrast and colour."""

    def __init__(self, images: Tensor) -> None:
        self._mean = images.mean(dim=(2, 3)).cpu().double().numpy()  # N,3
        self._matrix = np.tile(np.eye(3), (len(images), 1, 1))
        self._offset = np.zeros((len(images), 3))

    def add(self, step: Step, limits: Limits) -> None:
        """Each is a blend with something plain: black, the mean grey of the image, or the grey of the pixel."""
        factors = 1 + step.strengths * limits.tone
        for name in LINEAR_TONES:
            chosen = step.of(name)
            keep, grey = factors[chosen, None, None], (1 - factors[chosen, None, None]) * np.tile(_LUMA, (3, 1))
            if name == "colour":
                blend = keep * np.eye(3) + grey
                self._offset[chosen] = (blend @ self._offset[chosen, :, None])[..., 0]
                self._matrix[chosen] = blend @ self._matrix[chosen]
                continue
            mean = (self._matrix[chosen] @ self._mean[chosen, :, None])[..., 0] + self._offset[chosen]
            self._matrix[chosen] = keep * self._matrix[chosen]
            self._offset[chosen] = keep[..., 0] * self._offset[chosen]
            if name == "contrast":
                self._offset[chosen] += (grey @ mean[:, :, None])[..., 0]

    def applied(self, images: Tensor) -> Tensor:
        """The matrices at work, cut off at 0 and 255."""
        matrix = torch.from_numpy(self._matrix).to(images)
        offset = torch.from_numpy(self._offset).to(images)[:, :, None]
        return torch.baddbmm(offset, matrix, images.flatten(2)).clamp_(0, 255).view_as(images)


def _sharpness(images: Tensor, strengths: Numbers, limits: Limits) -> Tensor:
    """A blend with the blurred image, or away from it."""
    kernel = torch.ones(3, 1, 3, 3, device=images.device)
    kernel[:, :, 1, 1] = 5
    blurred = images.clone()
    blurred[:, :, 1:-1, 1:-1] = functional.conv2d(images, kernel / 13, groups=3)
    return (images + (images - blurred) * _column(strengths * limits.tone, images)).clamp_(0, 255)


def _posterise(images: Tensor, strengths: Numbers, limits: Limits) -> Tensor:
    """Fewer bits."""
    width = _column(2 ** np.rint(strengths * limits.bits), images)
    return torch.div(images, width, rounding_mode="floor") * width


def _solarise(images: Tensor, strengths: Numbers, limits: Limits) -> Tensor:
    """What is bright becomes its negative."""
    return torch.where(images >= _column(255 * (1 - strengths), images), 255 - images, images)


def _stretch(images: Tensor, strengths: Numbers, limits: Limits) -> Tensor:
    """Each channel from black to white."""
    return operations.autocontrast_image(images / 255) * 255


def _equalise(images: Tensor, strengths: Numbers, limits: Limits) -> Tensor:
    """Each brightness equally often."""
    return operations.equalize_image(images.round().to(torch.uint8)).to(images)


def _column(values: Numbers, images: Tensor) -> Tensor:
    return torch.from_numpy(values).to(images)[:, None, None, None]


OPERATIONS: dict[str, Callable[[Tensor, Numbers, Limits], Tensor]] = {
    "sharpness": _sharpness,
    "posterise": _posterise,
    "solarise": _solarise,
    "stretch": _stretch,
    "equalise": _equalise,
}
