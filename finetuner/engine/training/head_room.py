"""Where the best head lies: among the directions in which the features vary."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.training.newton import PIECE, Task, minimise

_SLOPE = 3e-6  # at which a head is solved
_CURVATURE = 0.05  # of the loss by a logit: 1/4 where two classes are even, nothing where all is learnt
_SILENT = 1e-12  # of the largest spread: rounding


class Room:
    """Features N,F, less their centre and divided by their scale, turned so that they vary along its axes.

    Of fewer images than features there are no more axes than images. A place in it is a head, float64 C,A+1: its
    weight along each axis, and its bias.
    """

    def __init__(self, features: Tensor, centre: Tensor, scale: Tensor) -> None:
        self.centre, self.scale = centre, scale
        self._axes, spread = _axes(features, centre, scale)
        self._rows = torch.ones(len(features), len(spread) + 1)
        for rows, turned in zip(scaled(features, centre, scale), self._rows.split(PIECE), strict=True):
            turned[:, :-1] = rows @ self._axes
        self._spread = spread.clamp(min=0) / max(1, len(features))

    def solve(
        self,
        labels: Tensor,
        importance: Tensor,
        penalty: float,
        among: Tensor | None = None,
        near: Tensor | None = None,
    ) -> Tensor:
        """The best place for the images `among` all, found from one near it."""
        rows = self._rows if among is None else self._rows[among]
        labels = labels if among is None else labels[among]
        shares, decay = importance[labels], torch.full((rows.shape[1],), 1 / (penalty * len(rows)), dtype=torch.double)
        decay[-1] = 0
        start = torch.zeros(len(importance), rows.shape[1], dtype=torch.double) if near is None else near
        task = Task(rows, labels, shares / shares.sum(), decay)
        return minimise(task, start, self._pace(decay), _SLOPE)

    def losses(self, place: Tensor, labels: Tensor, importance: Tensor, among: Tensor) -> Tensor:
        """The loss of each of some images."""
        logits = self._rows[among].double() @ place.T
        return functional.cross_entropy(logits, labels[among], importance, reduction="none")

    def terms(self, place: Tensor) -> tuple[Tensor, Tensor]:
        """The head at a place: weight C,F and bias C for the features as they were given, in float64."""
        weight = place[:, :-1] @ self._axes.T / self.scale
        return weight, place[:, -1] - weight @ self.centre

    def place(self, weight: Tensor, bias: Tensor) -> Tensor:
        """Where a head lies."""
        return torch.cat((weight * self.scale @ self._axes, (bias + weight @ self.centre)[:, None]), 1)

    def _pace(self, decay: Tensor) -> Tensor:
        """What evens out how steep the loss is along the axes (their spread bounds its curvature: Boehning, 1992)."""
        bound = torch.cat((_CURVATURE * self._spread, torch.ones(1, dtype=torch.double)))
        return (bound + decay).rsqrt()


def scaled(features: Tensor, centre: Tensor, scale: Tensor | float = 1.0) -> Iterator[Tensor]:
    """Features N,F, some at a time, in float64, less their centre and divided by their scale."""
    for rows in features.split(PIECE):
        yield (rows.double() - centre) / scale


def _axes(features: Tensor, centre: Tensor, scale: Tensor) -> tuple[Tensor, Tensor]:
    """The directions in which features N,F vary, F,A, and the sum of squares along each, A."""
    count, width = features.shape
    if count >= width:
        squares = torch.zeros(width, width, dtype=torch.double)
        for rows in scaled(features, centre, scale):
            squares.addmm_(rows.T, rows)
        spread, axes = torch.linalg.eigh(squares)
        return axes, spread
    rows = torch.cat(list(scaled(features, centre, scale)))
    spread, sides = torch.linalg.eigh(rows @ rows.T)
    heard = spread > _SILENT * spread[-1]
    return rows.T @ (sides[:, heard] / spread[heard].sqrt()), spread[heard]
