"""The probe's head: multinomial logistic regression on frozen features, solved to convergence.

Minimises mean cross-entropy + |W|^2 / (2 C n), as scikit-learn's LogisticRegression does, by L-BFGS in
float64 on centred features of unit average scale. C comes from cross-validation over `PENALTIES`. Where a few features
are so large that they drown the rest, it also chooses between that scale and one for each feature.
"""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.dataset.randomness import mix

PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0)
FOLDS = 4
_ENOUGH = 4000  # images that suffice to choose C
_ROUGH, _EXACT = 1e-4, 1e-7  # gradient at which choosing, and solving, may end
_DROWNED = 0.01  # of the average scale: where the usual feature varies less than that
_STILL = 1e-6  # of the largest scale: a feature that varies less than that says nothing


def solve_head(
    features: Tensor, labels: Tensor, classes: int, weights: Tensor | None, seed: int
) -> tuple[Tensor, Tensor]:
    """Features N,F and labels N -> the weight C,F and bias C of the best head. `weights`: one per class.

    One copy of the features in float64 is changed in place: of 60,000 images each further one would take half a GB.
    """
    centred = features.to(torch.double, copy=True)
    centre = centred.mean(0)
    centred -= centre
    importance = torch.ones(classes, dtype=torch.double) if weights is None else weights.double().cpu()
    tried = [(*_best_penalty(centred, scale, labels, importance, seed), scale) for scale in _scales(centred)]
    _, penalty, scale = min(tried, key=lambda each: each[0])
    weight, bias = _solve(centred.div_(scale), labels, importance, penalty, _EXACT)
    weight = weight / scale
    return weight.float(), (bias - weight @ centre).float()


def _scales(centred: Tensor) -> Iterator[Tensor]:
    """What features N,F are divided by: one number; besides, where most of them drown, one for each, F."""
    deviations = torch.linalg.vector_norm(centred, dim=0) / len(centred) ** 0.5
    average = deviations.square().mean().sqrt().clamp(min=1e-12)
    yield average
    still = _STILL * deviations.max()
    moving = deviations[deviations > still]
    if len(moving) and moving.median() < _DROWNED * average:
        yield torch.where(deviations > still, deviations, deviations.max())


def _best_penalty(centred: Tensor, scale: Tensor, labels: Tensor, importance: Tensor, seed: int) -> tuple[float, float]:
    """The lowest held-out loss and its C; the middle one where there are too few images to hold any out."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(mix(seed)))[:_ENOUGH]
    if len(order) < 2 * FOLDS:
        return 0.0, PENALTIES[len(PENALTIES) // 2]
    features, truth = centred[order] / scale, labels[order]
    return min((_held_out_loss(features, truth, importance, c), c) for c in PENALTIES)


def _held_out_loss(features: Tensor, labels: Tensor, importance: Tensor, penalty: float) -> float:
    fold = torch.arange(len(labels)) % FOLDS
    total = 0.0
    for held in range(FOLDS):
        weight, bias = _solve(features[fold != held], labels[fold != held], importance, penalty, _ROUGH)
        logits = features[fold == held] @ weight.T + bias
        total += float(functional.cross_entropy(logits, labels[fold == held], importance, reduction="sum"))
    return total


def _solve(
    features: Tensor, labels: Tensor, importance: Tensor, penalty: float, gradient: float = _EXACT
) -> tuple[Tensor, Tensor]:
    """The optimum, found among combinations of the features' rows: the penalty keeps it there, and they are few."""
    if features.shape[0] >= features.shape[1]:
        return _descend(features, labels, importance, penalty, gradient)
    basis, coordinates = torch.linalg.qr(features.T)
    weight, bias = _descend(coordinates.T, labels, importance, penalty, gradient)
    return weight @ basis.T, bias


def _descend(
    features: Tensor, labels: Tensor, importance: Tensor, penalty: float, gradient: float = _EXACT
) -> tuple[Tensor, Tensor]:
    weight = torch.zeros(len(importance), features.shape[1], dtype=torch.double, requires_grad=True)
    bias = torch.zeros(len(importance), dtype=torch.double, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [weight, bias], max_iter=500, tolerance_grad=gradient, tolerance_change=1e-12, line_search_fn="strong_wolfe"
    )

    def objective() -> Tensor:
        optimiser.zero_grad()
        fit = functional.cross_entropy(features @ weight.T + bias, labels, importance)
        value = fit + weight.square().sum() / (2 * penalty * len(labels))
        value.backward()
        return value

    optimiser.step(objective)
    return weight.detach(), bias.detach()
