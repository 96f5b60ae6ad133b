"""The probe's head: multinomial logistic regression on frozen features, solved to convergence.

Minimises mean cross-entropy + |W|^2 / (2 C n), as scikit-learn's LogisticRegression does, on centred features of unit
average scale. C comes from cross-validation. Where a few features are so large that they drown the rest, that also
chooses between this scale and one for each feature.
"""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

from finetuner.engine.dataset.randomness import mix
from finetuner.engine.training.head_race import FOLDS, PENALTIES, Runner, best_of
from finetuner.engine.training.head_room import Room, scaled
from finetuner.engine.training.newton import PIECE

_ENOUGH = 4000  # images that suffice to choose C
_DROWNED = 0.01  # of the average scale: where the usual feature varies less than that
_STILL = 1e-6  # of the largest scale: a feature that varies less than that says nothing


def solve_head(
    features: Tensor, labels: Tensor, classes: int, weights: Tensor | None, seed: int
) -> tuple[Tensor, Tensor]:
    """Features N,F and labels N -> the weight C,F and bias C of the best head. `weights`: one per class.

    From features that are not all finite nothing can be learnt: the head is NaN, as after a step that diverged.
    """
    centre = _mean(features.split(PIECE), len(features))
    if not centre.isfinite().all():
        return torch.full((classes, len(centre)), torch.nan), torch.full((classes,), torch.nan)
    importance = torch.ones(classes, dtype=torch.double) if weights is None else weights.cpu().double()
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(mix(seed)))[:_ENOUGH]
    rooms, truth = [Room(features[order], centre, scale) for scale in _scales(features, centre)], labels[order]
    best = _best(rooms, truth, importance)
    room, near = best.room, best.near
    if len(truth) < len(labels):
        room, truth = Room(features, centre, best.room.scale), labels
        near = near if near is None else room.place(*best.room.terms(near))
    weight, bias = room.terms(room.solve(truth, importance, best.penalty, near=near))
    return weight.float(), bias.float()


def _scales(features: Tensor, centre: Tensor) -> Iterator[Tensor]:
    """What features N,F are divided by: one number; besides, where most of them drown, one for each, F."""
    deviations = _mean((rows.square() for rows in scaled(features, centre)), len(features)).sqrt()
    average = deviations.square().mean().sqrt().clamp(min=1e-12)
    yield average
    still = _STILL * deviations.max()
    moving = deviations[deviations > still]
    if len(moving) and moving.median() < _DROWNED * average:
        yield torch.where(deviations > still, deviations, deviations.max())


def _mean(pieces: Iterable[Tensor], count: int) -> Tensor:
    """Of `count` rows in all, in float64."""
    return torch.stack([rows.sum(0, dtype=torch.double) for rows in pieces]).sum(0) / count


def _best(rooms: list[Room], labels: Tensor, importance: Tensor) -> Runner:
    """The winner; the middle penalty in the first room where there are too few images to hold any out."""
    if len(labels) < 2 * FOLDS:
        return Runner(rooms[0], PENALTIES[len(PENALTIES) // 2])
    return best_of(rooms, labels, importance)
