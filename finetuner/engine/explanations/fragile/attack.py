"""The search for the smallest change that makes the network answer otherwise, and how it is shown."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.explanations.explanation import Drawn, Picture
from finetuner.engine.explanations.gradients import resting
from finetuner.engine.explanations.subject import Subject
from finetuner.engine.explanations.tiles import grid, levels

LEVELS = 255
MOST = 64.0
"""The largest change that is tried, in levels of 255."""
_FIRST = 0.25
_HALVINGS = 6
_TILE = 336

Changed = Callable[[float], Tensor]
"""At most so many levels -> the changed image 1,3,S,S."""


class Attack:
    """Away from the present answer; or, where another class is asked for, towards that one."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        with torch.no_grad():
            self.answer = int(subject.model(subject.images).argmax())
        self.towards = subject.target != self.answer
        self.level = (subject.pixels.white - subject.pixels.black) / LEVELS

    def direction(self, images: Tensor) -> Tensor:
        """The sign of each pixel's change that serves most: 1,3,S,S."""
        label = torch.tensor([self.subject.target])
        with torch.enable_grad(), resting(self.subject.model):
            leaf = images.detach().clone().requires_grad_()
            loss = functional.cross_entropy(self.subject.model(leaf * 1), label)
            (slope,) = torch.autograd.grad(loss, leaf)
        return -slope.sign() if self.towards else slope.sign()

    def within(self, images: Tensor, most: float) -> Tensor:
        """The nearest image to this one that differs by `most` levels at most, and can be shown."""
        original = self.subject.images
        near = torch.maximum(torch.minimum(images, original + most * self.level), original - most * self.level)
        return self.subject.pixels.clamped(near)

    def succeeds(self, images: Tensor) -> bool:
        """Whether the answer is another one, or the one that was asked for."""
        with torch.no_grad():
            answer = int(self.subject.model(images).argmax())
        return answer == self.subject.target if self.towards else answer != self.answer


def smallest(attack: Attack, changed: Changed, method: str) -> Picture:
    """Twice as many levels until it succeeds, then half the way between, a few times; the picture of the least."""
    fails, works = 0.0, _FIRST
    tries = 0
    image = changed(works)
    while not attack.succeeds(image) and works < MOST:
        fails, works = works, works * 2
        image = changed(works)
        yield (tries := tries + 1), 9 + _HALVINGS
    if not attack.succeeds(image):
        return _shown(attack, image, f"No change by {method} of up to {MOST:.0f} of 255 levels {_wish(attack)}.")
    for _ in range(_HALVINGS):
        middle = (fails + works) / 2
        candidate = changed(middle)
        if attack.succeeds(candidate):
            image, works = candidate, middle
        else:
            fails = middle
        yield (tries := tries + 1), 9 + _HALVINGS
    return _shown(attack, image, f"A change of {works:.2g} of 255 levels in each pixel {_outcome(attack, image)}.")


def _wish(attack: Attack) -> str:
    other = attack.subject.label if attack.towards else "another class"
    return f"makes the network answer {other}"


def _outcome(attack: Attack, image: Tensor) -> str:
    trained = attack.subject.trained
    with torch.no_grad():
        shares = (trained.network.model(image) / trained.temperature).softmax(dim=1)[0]
    now, before = trained.classes[int(shares.argmax())], trained.classes[attack.answer]
    return f"makes the network answer {now} ({float(shares.max()):.0%}) in place of {before}"


def _shown(attack: Attack, image: Tensor, sentence: str) -> Drawn:
    """The image, the changed one, and the difference, as strong as it can be shown around grey."""
    pixels = attack.subject.pixels
    before, after = (pixels.shown(each)[0].numpy() for each in (attack.subject.images, image))
    change = after - before
    gain = 0.5 / max(float(np.abs(change).max()), 1e-12)
    parts = [levels(before), levels(after), levels(0.5 + gain * change)]
    return Drawn(grid(parts, _TILE, 3, sharp=False), f"{sentence} The difference is shown {gain:.0f} times as strong.")
