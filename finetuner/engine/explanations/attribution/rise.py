"""RISE (Petsiuk et al., RISE: Randomized Input Sampling for Explanation of Black-box Models, 2018)."""

from collections.abc import Generator

import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.explanations.explanation import Maps, Step
from finetuner.engine.explanations.passes import logits, one_by_one

MASKS = 512
CELLS = 7
KEPT = 0.5
"""Share of the cells that a mask keeps."""


class Rise:
    """How much likelier the class is, on average, when a pixel may be seen. Soft, and blind to what is inside."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Maps:
        """Return E[p M] / E[M] - E[p], p the probability of x times a random mask M: N,S,S, signed.

        The paper draws E[p M] / E[M]; less the mean, which is the same for every pixel, one sees what speaks for and
        against.
        """
        masks = drawn(images.shape[-1])

        def seen(image: Tensor, target: int) -> Generator[Step, None, Tensor]:
            answers = yield from logits(model, lambda start, stop: image * masks[start:stop, None], MASKS)
            shares = answers.softmax(dim=1)[:, target]
            return torch.einsum("m,mhw->hw", shares - shares.mean(), masks) / masks.sum(dim=0)

        return (yield from one_by_one(images, targets, seen))


def drawn(side: int) -> Tensor:
    """Random grids, enlarged smoothly and shifted by less than a cell: M,S,S from 0 to 1. Always the same ones."""
    source = torch.Generator().manual_seed(0)
    grids = (torch.rand(MASKS, 1, CELLS, CELLS, generator=source) < KEPT).float()
    cell = -(-side // CELLS)
    large = functional.interpolate(grids, size=((CELLS + 1) * cell,) * 2, mode="bilinear")[:, 0]
    shifts = torch.randint(0, cell, (MASKS, 2), generator=source).tolist()
    return torch.stack(
        [mask[top : top + side, left : left + side] for mask, (top, left) in zip(large, shifts, strict=True)]
    )
