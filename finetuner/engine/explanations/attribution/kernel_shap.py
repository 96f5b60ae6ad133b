"""KernelSHAP (Lundberg & Lee, A Unified Approach to Interpreting Model Predictions, 2017) on superpixels."""

import math
from collections.abc import Generator
from itertools import product

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.attribution.superpixels import superpixels
from finetuner.engine.explanations.explanation import Maps, Step
from finetuner.engine.explanations.passes import logits, one_by_one

SEGMENTS = 49
SAMPLES = 512
_FEW = 9
"""So few areas that all their coalitions are asked, which gives the Shapley values themselves."""


class KernelShap:
    """The Shapley value of each area of like colour: its fair share of the logit. What is left out turns grey."""

    def __init__(self, segments: int = SEGMENTS) -> None:
        self._segments = segments

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Maps:
        """Return each area's Shapley value over its number of pixels: N,S,S, signed; the sum is the logit's rise."""

        def shared(image: Tensor, target: int) -> Generator[Step, None, Tensor]:
            areas = superpixels(image[0], self._segments)
            sets, weights = coalitions(int(areas.max()) + 1)
            answers = yield from logits(
                model, lambda start, stop: image * sets[start:stop][:, areas][:, None], len(sets)
            )
            values = shapley(sets, weights, answers[:, target])
            return (values / areas.flatten().bincount())[areas].float()

        return (yield from one_by_one(images, targets, shared))


def coalitions(players: int) -> tuple[Tensor, Tensor]:
    """Who is in, M,P of 0 and 1, and how much each line weighs, M; nobody first, then all.

    All of them for few players; else drawn by Shapley's kernel, each with its complement, which halves the variance.
    """
    ends = torch.stack([torch.zeros(players), torch.ones(players)])
    if players <= _FEW:
        inner = torch.tensor(list(product((0.0, 1.0), repeat=players)))[1:-1].view(-1, players)
        weights = [_kernel(players, int(size)) for size in inner.sum(dim=1)]
        return torch.cat([ends, inner]), torch.tensor([0.0, 0.0, *weights])
    source = torch.Generator().manual_seed(0)
    sizes = torch.tensor([1 / (size * (players - size)) for size in range(1, players)])
    drawn = torch.multinomial(sizes, SAMPLES // 2, replacement=True, generator=source) + 1
    ranks = torch.rand(len(drawn), players, generator=source).argsort(dim=1).argsort(dim=1)
    inner = (ranks < drawn[:, None]).float()
    return torch.cat([ends, inner, 1 - inner]), torch.cat([torch.zeros(2), torch.ones(2 * len(inner))])


def shapley(sets: Tensor, weights: Tensor, answers: Tensor) -> Tensor:
    """The values P that fit the answers best by weighted least squares, and add up to all's answer less nobody's."""
    sets, weights, answers = sets.double(), weights.double(), answers.double()
    nobody, rise = answers[0], answers[1] - answers[0]
    players = sets.shape[1]
    if players == 1:
        return rise[None]
    # the last value is what the others leave of the rise
    inputs, goals = sets[:, :-1] - sets[:, -1:], answers - nobody - sets[:, -1] * rise
    root = weights.sqrt()
    others = torch.linalg.lstsq(inputs * root[:, None], goals * root, driver="gelsd").solution
    return torch.cat([others, (rise - others.sum())[None]])


def _kernel(players: int, size: int) -> float:
    return (players - 1) / (math.comb(players, size) * size * (players - size))
