"""Where the best head lies: among the directions in which the features vary, each walked at a pace of its own."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

_ROUGH, _EXACT = 1e-4, 3e-6  # slope at which a sketch, and a solution, may end
_STEPS = 500
_REMEMBERED = 20  # steps from which L-BFGS learns the curvature; with a hundred its bookkeeping takes most of the time
_CURVATURE = 0.05  # of the loss by a logit: 1/4 where two classes are even, nothing where all is learnt
_SILENT = 1e-12  # of the largest spread: rounding
_ROWS = 4096  # that are turned at a time


@dataclass(frozen=True)
class Head:
    """Weight C,F and bias C."""

    weight: Tensor
    bias: Tensor

    @staticmethod
    def mean(heads: list[Head]) -> Head:
        """Of several of one shape."""
        weights, biases = [head.weight for head in heads], [head.bias for head in heads]
        return Head(torch.stack(weights).mean(0), torch.stack(biases).mean(0))


class Room:
    """Features N,F in float64, turned so that the directions in which they vary are its axes.

    Of fewer images than features there are no more axes than images. Else the features are turned in place.
    """

    def __init__(self, features: Tensor) -> None:
        few = features.shape[0] < features.shape[1]
        spread, axes = torch.linalg.eigh(features @ features.T if few else features.T @ features)
        if few:
            heard = spread > _SILENT * spread[-1]
            lengths, axes = spread[heard].sqrt(), axes[:, heard]
            self._axes, self._rows, spread = features.T @ (axes / lengths), axes * lengths, spread[heard]
        else:
            self._axes, self._rows = axes, _turned(features, axes)
        self._spread = spread.clamp(min=0) / max(1, len(features))

    def solve(self, labels: Tensor, importance: Tensor, penalty: float, near: Head | None = None) -> Head:
        """The optimum, found from a head near it."""
        return self._found(self._rows, labels, importance, penalty, near, _EXACT)

    def sketch(
        self, labels: Tensor, importance: Tensor, penalty: float, among: Tensor, near: Head | None = None
    ) -> Head:
        """About the optimum of some images, `among` them all; in float32, good enough to compare penalties."""
        rows = self._rows[among].float()
        return self._found(rows, labels[among], importance, penalty, near, _ROUGH)

    def loss(self, head: Head, labels: Tensor, importance: Tensor, among: Tensor) -> float:
        """The summed loss of some images."""
        logits = self._rows[among] @ (head.weight @ self._axes).T + head.bias
        return float(functional.cross_entropy(logits, labels[among], importance, reduction="sum"))

    def _found(
        self, rows: Tensor, labels: Tensor, importance: Tensor, penalty: float, near: Head | None, slope: float
    ) -> Head:
        start = torch.zeros(len(importance), rows.shape[1] + 1, dtype=torch.double)
        if near is not None:
            start = torch.cat((near.weight @ self._axes, near.bias[:, None]), 1)
        pace = (1 / (penalty * len(rows)) + _CURVATURE * self._spread).rsqrt()
        found = _descend(rows, labels, importance, penalty, pace, start, slope)
        return Head(found[:, :-1] @ self._axes.T, found[:, -1])


def _turned(features: Tensor, axes: Tensor) -> Tensor:
    for rows in features.split(_ROWS):
        rows.copy_(rows @ axes)
    return features


def _descend(
    rows: Tensor, labels: Tensor, importance: Tensor, penalty: float, pace: Tensor, start: Tensor, slope: float
) -> Tensor:
    """Minimise by L-BFGS from `start`, C,F and a bias each, in the precision of the rows; returns the same in float64.

    The pace evens out how steep the loss is along the axes (Boehning, 1992, bounds its curvature by their spread). The
    gradient is written out, which for a few hundred images takes a third of autograd's time.
    """
    kind, decay = rows.dtype, 1 / (penalty * len(rows))
    pace = pace.to(kind)
    weight, bias = (start[:, :-1].to(kind) / pace), start[:, -1].to(kind, copy=True)
    shares = (importance[labels] / importance[labels].sum()).to(kind)
    wanted = functional.one_hot(labels, len(importance)).to(kind)
    optimiser = torch.optim.LBFGS(
        [weight, bias],
        max_iter=_STEPS,
        tolerance_grad=slope,
        tolerance_change=1e-12,
        history_size=_REMEMBERED,
        line_search_fn="strong_wolfe",
    )

    def objective() -> Tensor:
        paced = weight * pace
        guesses = torch.addmm(bias, rows, paced.T).log_softmax(1)
        fit = -(guesses.gather(1, labels[:, None])[:, 0] @ shares)
        errors = guesses.exp_().sub_(wanted).mul_(shares[:, None])
        weight.grad, bias.grad = torch.addmm(paced, errors.T, rows, beta=decay).mul_(pace), errors.sum(0)
        return fit + paced.square().sum() * (decay / 2)

    optimiser.step(objective)
    return torch.cat((weight * pace, bias[:, None]), 1).double()
