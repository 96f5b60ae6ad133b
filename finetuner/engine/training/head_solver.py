"""The probe's head: multinomial logistic regression on frozen features, solved to convergence.

Minimises mean cross-entropy + |W|^2 / (2 C n), as scikit-learn's LogisticRegression does, on centred features of unit
average scale. C comes from cross-validation over `PENALTIES`, each begun where the stronger one before it ended. Where
a few features are so large that they drown the rest, it also chooses between that scale and one for each feature.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from finetuner.engine.dataset.randomness import mix
from finetuner.engine.training.head_room import Head, Room

PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0)
FOLDS = 4
_ENOUGH = 4000  # images that suffice to choose C
_DROWNED = 0.01  # of the average scale: where the usual feature varies less than that
_STILL = 1e-6  # of the largest scale: a feature that varies less than that says nothing


@dataclass(frozen=True)
class Choice:
    """A scale, where it was tried, the C with the least loss on held-out images, and a head near the best one."""

    scale: Tensor
    room: Room
    labels: Tensor
    loss: float
    penalty: float
    near: Head | None


def solve_head(
    features: Tensor, labels: Tensor, classes: int, weights: Tensor | None, seed: int
) -> tuple[Tensor, Tensor]:
    """Features N,F and labels N -> the weight C,F and bias C of the best head. `weights`: one per class.

    From features that are not all finite nothing can be learnt: the head is NaN, as after a step that diverged.
    One copy in float64 is changed in place: of 60,000 images each further one would take half a GB.
    """
    centred = features.to(torch.double, copy=True)
    centre = centred.mean(0)
    if not centre.isfinite().all():
        return torch.full((classes, len(centre)), torch.nan), torch.full((classes,), torch.nan)
    centred -= centre
    importance = torch.ones(classes, dtype=torch.double) if weights is None else weights.cpu().double()
    choices = [_choice(centred, scale, labels, importance, seed) for scale in _scales(centred)]
    best = min(choices, key=lambda choice: choice.loss)
    room, truth = best.room, best.labels
    if len(truth) < len(labels):
        room, truth = Room(centred.div_(best.scale)), labels
    found = room.solve(truth, importance, best.penalty, best.near)
    weight = found.weight / best.scale
    return weight.float(), (found.bias - weight @ centre).float()


def _scales(centred: Tensor) -> Iterator[Tensor]:
    """What features N,F are divided by: one number; besides, where most of them drown, one for each, F."""
    deviations = torch.linalg.vector_norm(centred, dim=0) / len(centred) ** 0.5
    average = deviations.square().mean().sqrt().clamp(min=1e-12)
    yield average
    still = _STILL * deviations.max()
    moving = deviations[deviations > still]
    if len(moving) and moving.median() < _DROWNED * average:
        yield torch.where(deviations > still, deviations, deviations.max())


def _choice(centred: Tensor, scale: Tensor, labels: Tensor, importance: Tensor, seed: int) -> Choice:
    """The best C; the middle one where there are too few images to hold any out."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(mix(seed)))[:_ENOUGH]
    room, truth = Room(centred[order] / scale), labels[order]
    if len(order) < 2 * FOLDS:
        return Choice(scale, room, truth, 0.0, PENALTIES[len(PENALTIES) // 2], None)
    tried = min(_held_out(room, truth, importance), key=lambda each: each[0])
    return Choice(scale, room, truth, *tried)


def _held_out(room: Room, labels: Tensor, importance: Tensor) -> Iterator[tuple[float, float, Head]]:
    """For each of `PENALTIES` its loss on images that the head has not seen, each once, and the mean of the heads."""
    fold = torch.arange(len(labels)) % FOLDS
    heads: list[Head] = []
    for penalty in PENALTIES:
        starts: Sequence[Head | None] = heads or [None] * FOLDS
        heads = [room.sketch(labels, importance, penalty, fold != held, starts[held]) for held in range(FOLDS)]
        loss = sum(room.loss(head, labels, importance, fold == held) for held, head in enumerate(heads))
        yield loss, penalty, Head.mean(heads)
