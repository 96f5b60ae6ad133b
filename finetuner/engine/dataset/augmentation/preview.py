"""Versions of one image as the network would see them in training."""

import io
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from finetuner.engine.dataset.augmentation.draw import numbers_of
from finetuner.engine.dataset.augmentation.presets import AUGMENTATIONS, NONE, Preset
from finetuner.engine.dataset.augmentation.vary import varied
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.randomness import uniforms
from finetuner.engine.dataset.square import central_square
from finetuner.engine.events import Event, PreviewMade
from finetuner.engine.files import write_bytes
from finetuner.engine.requests import PreviewRequest


def preview(request: PreviewRequest) -> Iterator[Event]:
    """Write versions of one image as the network would see them in training; the first is plain."""
    square = torch.from_numpy(_square(request))
    versions = [
        *_versions(square, NONE, request.size, request.seed, 1),
        *_versions(square, AUGMENTATIONS[request.augmentation], request.size, request.seed, request.count),
    ]
    targets = [request.folder / f"{request.augmentation}-{number}.png" for number in range(len(versions))]
    for target, version in zip(targets, versions, strict=True):
        write_bytes(target, _png(version))
    yield PreviewMade(images=tuple(str(target) for target in targets))


def _versions(square: Tensor, preset: Preset, size: int, seed: int, count: int) -> Tensor:
    numbers = uniforms((seed, 0), range(count), numbers_of(preset))
    return varied(square.expand(count, -1, -1, -1), preset, numbers, size).round().to(torch.uint8)


def _square(request: PreviewRequest) -> NDArray[np.uint8]:
    room = round(request.size / 0.875)
    return central_square(open_rgb(request.image, at_least=room), room, Image.Resampling.BILINEAR)


def _png(image: Tensor) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image.permute(1, 2, 0).contiguous().numpy()).save(buffer, "PNG")
    return buffer.getvalue()
