"""Softmax regression by Newton's method, without ever making the Hessian (Lin, Weng & Keerthi, 2008, JMLR 9).

Each step is found by conjugate gradients, which need the curvature along one direction at a time; they are evened out
by the Hessian's diagonal. Where the loss is flat, as it is where a head is wrong and sure, the steps would be endless:
they are held back in proportion to the slope (Levenberg, 1944; Mishchenko, 2023, SIAM J. Optim. 33), so less and less
towards the end. The slope, which tells when it is done, is reckoned in float64. The curvature only has to point the
way, and is in float32.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

_STEPS = 100
_PULLS = 100  # conjugate gradients of one step
_FAR, _NEAR = 0.3, 0.1  # of the slope that a step may leave, far from the end and near it
_CLOSE = 1e-3  # slope from which on it is near
_HELD = 0.1  # of the slope, against a step
_DESCENT = 1e-4  # of what the slope promises (Armijo, 1966)
_HALVINGS = 30
_NOTHING = 1e-12  # a share that bends nothing; over the least of numbers a processor takes seven times as long

PIECE = 4096
"""Rows at a time, where one more array of all of them would be large."""


@dataclass(frozen=True)
class Task:
    """What is to be least: the mean cross-entropy of some rows by their `shares`, and decay * place^2 / 2.

    `rows`: N,A float32; `labels`: N; `shares`: N float64, one in all; `decay`: A. A place is C,A.
    """

    rows: Tensor
    labels: Tensor
    shares: Tensor
    decay: Tensor

    def at(self, place: Tensor) -> View:
        """What is seen from a place, float64."""
        slope, guesses = place * self.decay, torch.empty(len(self.rows), len(place))
        loss = float((place * slope).sum()) / 2
        for rows, labels, shares, guessed in self.pieces(self.labels, self.shares, guesses):
            exact = rows.double()
            logs = (exact @ place.T).log_softmax(1)
            loss -= float(logs.gather(1, labels[:, None])[:, 0] @ shares)
            errors = logs.exp_()
            guessed.copy_(errors).masked_fill_(errors < _NOTHING, 0)
            errors[torch.arange(len(labels)), labels] -= 1
            slope += errors.mul_(shares[:, None]).T @ exact
        return View(self, loss, slope, guesses)

    def pieces(self, *others: Tensor) -> Iterator[tuple[Tensor, ...]]:
        """The rows, and what else is told of each, some at a time."""
        return zip(*(each.split(PIECE) for each in (self.rows, *others)), strict=True)


@dataclass(frozen=True)
class View:
    """Loss, slope C,A in float64, and the share that each row gives each class, N,C in float32."""

    task: Task
    loss: float
    slope: Tensor
    guesses: Tensor

    @cached_property
    def _decay(self) -> Tensor:
        return self.task.decay.float()

    @cached_property
    def _shares(self) -> Tensor:
        return self.task.shares.float()[:, None]

    def curvature(self, direction: Tensor) -> Tensor:
        """The Hessian times a direction, C,A: how the slope changes along it."""
        change = direction * self._decay
        for rows, guesses, shares in self.task.pieces(self.guesses, self._shares):
            pull = rows @ direction.T
            pull -= (pull * guesses).sum(1, keepdim=True)
            change += pull.mul_(guesses).mul_(shares).T @ rows
        return change

    def diagonal(self) -> Tensor:
        """The curvature along each axis by itself, C,A."""
        found = self._decay.expand(self.slope.shape).clone()
        for rows, guesses, shares in self.task.pieces(self.guesses, self._shares):
            found += ((1 - guesses) * guesses * shares).T @ rows.square()
        return found


def minimise(task: Task, start: Tensor, pace: Tensor, slope: float) -> Tensor:
    """The place C,A where no slope times `pace`, A, is above `slope`, found from `start`; both are float64."""
    place, view = start, task.at(start)
    for _ in range(_STEPS):
        steepest = float((view.slope * pace).abs().max())
        if steepest <= slope:
            break
        step = _step(view, _HELD * steepest / pace.square(), _NEAR if steepest < _CLOSE else _FAR).double()
        reached = _downhill(task, place, view, step)
        if reached is None:
            break
        place, view = reached
    return place


def _step(view: View, held: Tensor, leave: float) -> Tensor:
    """About where the slope would vanish, were the curvature the same everywhere; by conjugate gradients.

    `held`, A, is added to the curvature along each axis. The step leaves `leave` of the slope.
    """
    held = held.float()
    left, ease = -view.slope.float(), (view.diagonal() + held).reciprocal_()
    step, eased = torch.zeros_like(left), left * ease
    direction, size = eased, float((left * eased).sum())
    enough = leave**2 * size
    for _ in range(_PULLS):
        change = view.curvature(direction).addcmul_(direction, held)
        bend = float((direction * change).sum())
        if not bend > 0:
            break  # rounding is all that is left
        length = size / bend
        step.add_(direction, alpha=length)
        left.sub_(change, alpha=length)
        eased = left * ease
        before, size = size, float((left * eased).sum())
        if not size > enough:
            break
        direction = eased.add_(direction, alpha=size / before)
    return step


def _downhill(task: Task, place: Tensor, view: View, step: Tensor) -> tuple[Tensor, View] | None:
    """As far along a step as it really goes down; None where rounding is all that is left."""
    promised = float((view.slope * step).sum())
    for halving in range(_HALVINGS if promised < 0 else 0):
        length = 0.5**halving
        there = place + length * step
        seen = task.at(there)
        if seen.loss <= view.loss + _DESCENT * length * promised:
            return there, seen
    return None
