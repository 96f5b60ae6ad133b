"""How training images are varied: presets from nothing to TrivialAugment, seeded per sample."""

import io
from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torchvision.transforms import v2

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.randomness import mix
from finetuner.engine.dataset.square import central_square
from finetuner.engine.events import Event, PreviewMade
from finetuner.engine.files import write_bytes
from finetuner.engine.requests import PreviewRequest

Transform = Callable[[Tensor], Tensor]
_GREY = [124, 116, 104]


def none(size: int) -> Transform:
    """The centre, always the same."""
    return v2.CenterCrop(size)


def light(size: int) -> Transform:
    """A random crop, a mirror image half of the time, a little light and contrast."""
    return v2.Compose([*_crop(size, 0.5), v2.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2)])


def randaugment(size: int) -> Transform:
    """RandAugment (Cubuk et al., 2020): two random operations of medium strength."""
    return v2.Compose([*_crop(size, 0.35), v2.RandAugment(num_ops=2, magnitude=7, fill=_GREY)])


def trivialaugment(size: int) -> Transform:
    """TrivialAugment (Mueller and Hutter, 2021): one random operation of random strength."""
    return v2.Compose([*_crop(size, 0.35), v2.TrivialAugmentWide(fill=_GREY)])


AUGMENTATIONS: dict[str, Callable[[int], Transform]] = {
    "none": none,
    "light": light,
    "randaugment": randaugment,
    "trivialaugment": trivialaugment,
}


def augmented(transform: Transform, image: Tensor, *seed: int) -> Tensor:
    """uint8 3,R,R -> uint8 3,S,S, by random numbers that come from `seed` alone."""
    torch.manual_seed(mix(*seed))
    return transform(image)


def preview(request: PreviewRequest) -> Iterator[Event]:
    """Write versions of one image as the network would see them in training; the first is plain."""
    image = torch.from_numpy(_square(request)).permute(2, 0, 1)
    transform = AUGMENTATIONS[request.augmentation](request.size)
    plain = none(request.size)(image)
    versions = [plain, *(augmented(transform, image, request.seed, 0, number) for number in range(request.count))]
    targets = [request.folder / f"{request.augmentation}-{number}.png" for number in range(len(versions))]
    for target, version in zip(targets, versions, strict=True):
        write_bytes(target, _png(version))
    yield PreviewMade(images=tuple(str(target) for target in targets))


def _crop(size: int, smallest: float) -> list[v2.Transform]:
    return [v2.RandomResizedCrop(size, scale=(smallest, 1.0), antialias=True), v2.RandomHorizontalFlip()]


def _square(request: PreviewRequest) -> NDArray[np.uint8]:
    room = round(request.size / 0.875)
    return central_square(open_rgb(request.image, at_least=room), room, Image.Resampling.BILINEAR)


def _png(image: Tensor) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image.permute(1, 2, 0).contiguous().numpy()).save(buffer, "PNG")
    return buffer.getvalue()
