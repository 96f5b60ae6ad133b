"""The last stretch of preprocessing on the device: uint8 squares to normalised input."""

import torch
from torch import Tensor

from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.dataset.feed import brought
from finetuner.engine.dataset.preprocessing import Preprocessing


class InputStage:
    """uint8 N,3,S,S (already cut and resized) -> float32 N,3,S,S, channels last, on the device."""

    def __init__(self, preprocessing: Preprocessing, device: torch.device) -> None:
        self._deployed = Preprocess(preprocessing).to(device)
        self._device = device

    def __call__(self, images: Tensor) -> Tensor:
        """Move, convert, normalise."""
        planes = brought(images, self._device).to(torch.float32)
        return self._deployed.normalise(planes).contiguous(memory_format=torch.channels_last)
