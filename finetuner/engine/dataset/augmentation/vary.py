"""A batch of squares becomes what the network learns from."""

from torch import Tensor

from finetuner.engine.dataset.augmentation.draw import Numbers, draw
from finetuner.engine.dataset.augmentation.geometry import moved
from finetuner.engine.dataset.augmentation.presets import Preset
from finetuner.engine.dataset.augmentation.tones import toned


def varied(squares: Tensor, preset: Preset, numbers: Numbers, size: int) -> Tensor:
    """uint8 N,R,R,3 -> float32 N,3,S,S on the scale 0..255, on the same device, by `numbers` N,K alone."""
    variation = draw(preset, numbers, squares.shape[1], size)
    return toned(moved(squares, variation, preset.limits, size), variation.steps, preset.limits)
