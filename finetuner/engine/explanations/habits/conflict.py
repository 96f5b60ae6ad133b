"""Which part of a photo has the last word: places are laid into photos of other classes.

Cues are set against each other, as shape and texture by Geirhos et al. (ImageNet-Trained CNNs Are Biased Towards
Texture, 2019), and subject and background by Xiao et al. (Noise or Signal, 2020).
"""

import random
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.explanation import Step

JUDGES = 24
"""How many photos may be asked to stand against a place."""
TRIALS = 3
"""How many of them are; most must give way."""


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo as the network gets it, 3,S,S, its class, and its places, S,S of bool each."""

    pixels: Tensor
    target: int
    places: Mapping[str, Tensor]


def exchanged(subject: Photo, other: Photo, place: str) -> Tensor:
    """The subject's photo with a place taken from the other: 3,S,S. Where the other shows its subject it is grey."""
    here, there = subject.places[place], other.places[place]
    return torch.where(here, other.pixels * there, subject.pixels)


def judges(model: nn.Module, photos: Sequence[Photo], place: str) -> Generator[Step, None, list[Photo]]:
    """Those photos that keep their class without the place, and with that of another photo of their own class.

    What gives way to another photo's place then does so for what that place tells, not because something changed.
    """
    steady = list[Photo]()
    for number, photo in enumerate(photos):
        likes = [other for other in photos if other is not photo and other.target == photo.target]
        versions = [photo.pixels * ~photo.places[place], *(exchanged(photo, other, place) for other in likes[:2])]
        if all(answer == photo.target for answer in answers(model, versions)):
            steady.append(photo)
        yield number + 1, len(photos)
    return steady


def decides(model: nn.Module, photo: Photo, place: str, judges: Sequence[Photo], number: int) -> bool | None:
    """Whether this place makes most judges of other classes answer the photo's class; None where there is no judge.

    `number` is the photo's own, by which its judges are drawn.
    """
    others = [judge for judge in judges if judge.target != photo.target]
    if not others:
        return None
    drawn = random.Random(number).sample(others, min(TRIALS, len(others)))
    given = answers(model, [exchanged(judge, photo, place) for judge in drawn])
    return 2 * given.count(photo.target) > len(drawn)


def answers(model: nn.Module, images: Sequence[Tensor]) -> list[int]:
    """The network's classes for images 3,S,S."""
    with torch.no_grad():
        said: list[int] = (
            model(torch.stack(list(images)).contiguous(memory_format=torch.channels_last)).argmax(1).tolist()
        )
    return said
