"""Occlusion (Zeiler & Fergus, Visualizing and Understanding Convolutional Networks, 2014)."""

from collections.abc import Generator
from itertools import product

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.explanation import Maps, Step
from finetuner.engine.explanations.passes import logits, one_by_one

WINDOWS = 14
"""So many windows side by side. They do not overlap: what overlapping ones tell is smeared over twice their side."""
GREY = 0.0
"""What covers a part: the mean colour, which is zero after normalisation."""


class Occlusion:
    """What the logit loses when a part is covered in grey. Slow, but it asks the network itself."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Maps:
        """Return the mean of logit(x) - logit(x covered) over the windows that cover a pixel: N,S,S, signed."""

        def covered(image: Tensor, target: int) -> Generator[Step, None, Tensor]:
            covers = windows(image.shape[-1])
            answers = yield from logits(
                model, lambda start, stop: image.masked_fill(covers[start:stop, None], GREY), len(covers)
            )
            with torch.no_grad():
                losses = model(image)[0, target] - answers[:, target]
            return (losses[:, None, None] * covers).sum(dim=0) / covers.sum(dim=0)

        return (yield from one_by_one(images, targets, covered))


def windows(side: int) -> Tensor:
    """Which pixels each window covers: W,S,S of bool. Together they cover all, those at the edge included."""
    length = max(round(side / WINDOWS), 1)
    last = side - length
    starts = [*range(0, last, length), last]
    covers = torch.zeros(len(starts) ** 2, side, side, dtype=torch.bool)
    for cover, (top, left) in zip(covers, product(starts, starts), strict=True):
        cover[top : top + length, left : left + length] = True
    return covers
