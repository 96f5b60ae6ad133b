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
    weight, bias = Room(centred.div_(scale)).solve(labels, importance, penalty)
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
    return min(zip(_held_out_losses(features, truth, importance), PENALTIES, strict=True))


def _held_out_losses(features: Tensor, labels: Tensor, importance: Tensor) -> list[float]:
    """The loss for each of `PENALTIES` on images that the head has not seen: each once."""
    fold = torch.arange(len(labels)) % FOLDS
    totals = [0.0] * len(PENALTIES)
    for held in range(FOLDS):
        rest, out = fold != held, fold == held
        room = Room(features[rest])
        for number, penalty in enumerate(PENALTIES):
            weight, bias = room.solve(labels[rest], importance, penalty, _ROUGH)
            logits = features[out] @ weight.T + bias
            totals[number] += float(functional.cross_entropy(logits, labels[out], importance, reduction="sum"))
    return totals


class Room:
    """Where the optimum of any penalty lies: among combinations of the features' rows, if those are few."""

    def __init__(self, features: Tensor) -> None:
        self._basis: Tensor | None = None
        self._coordinates = features
        if features.shape[0] < features.shape[1]:
            self._basis, coordinates = torch.linalg.qr(features.T)
            self._coordinates = coordinates.T

    def solve(
        self, labels: Tensor, importance: Tensor, penalty: float, gradient: float = _EXACT
    ) -> tuple[Tensor, Tensor]:
        """Weight C,F and bias C of the optimum, as near as `gradient` says."""
        weight, bias = _descend(self._coordinates, labels, importance, penalty, gradient)
        return (weight if self._basis is None else weight @ self._basis.T), bias


def _descend(
    features: Tensor, labels: Tensor, importance: Tensor, penalty: float, gradient: float = _EXACT
) -> tuple[Tensor, Tensor]:
    """Minimise. The gradient is written out, which for a few hundred images takes a third of autograd's time."""
    weight = torch.zeros(len(importance), features.shape[1], dtype=torch.double)
    bias = torch.zeros(len(importance), dtype=torch.double)
    optimiser = torch.optim.LBFGS(
        [weight, bias], max_iter=500, tolerance_grad=gradient, tolerance_change=1e-12, line_search_fn="strong_wolfe"
    )
    shares, decay = importance[labels] / importance[labels].sum(), 1 / (penalty * len(labels))
    wanted = functional.one_hot(labels, len(importance)).double()

    def objective() -> Tensor:
        guesses = torch.addmm(bias, features, weight.T).log_softmax(1)
        fit = -(guesses.gather(1, labels[:, None])[:, 0] @ shares)
        slope = guesses.exp_().sub_(wanted).mul_(shares[:, None])
        weight.grad, bias.grad = torch.addmm(weight, slope.T, features, beta=decay), slope.sum(0)
        return fit + weight.square().sum() * (decay / 2)

    optimiser.step(objective)
    return weight, bias
