"""GradientSHAP (Lundberg & Lee, A Unified Approach to Interpreting Model Predictions, 2017; Erion et al., 2021)."""

from collections.abc import Generator

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.attribution.baselines import plain
from finetuner.engine.explanations.explanation import Maps, Step
from finetuner.engine.explanations.gradients import by_pixels
from finetuner.engine.explanations.passes import one_by_one
from finetuner.engine.explanations.pixels import OnPixels

SAMPLES = 64
BATCH = 8


class GradientShap(OnPixels):
    """Expected gradients: as integrated gradients, from plain images of every colour, one place on each way."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Maps:
        """Return the mean over x' and a of sum_c (x - x') d logit / d pixel (x' + a (x - x')): N,S,S, signed."""

        def expected(image: Tensor, target: int) -> Generator[Step, None, Tensor]:
            ways = image - plain(image, self.pixels, SAMPLES)
            # places spread evenly over the ways, in an order that the colours know nothing of
            places = (torch.randperm(SAMPLES, generator=torch.Generator().manual_seed(1)) + 0.5) / SAMPLES
            total = torch.zeros_like(image[0, 0])
            for start in range(0, SAMPLES, BATCH):
                way, place = ways[start : start + BATCH], places[start : start + BATCH].view(-1, 1, 1, 1)
                slopes = by_pixels(model, image - way * (1 - place), torch.full((len(way),), target))
                total += (way * slopes).sum(dim=(0, 1))
                yield start + len(way), SAMPLES
            return total / SAMPLES

        return (yield from one_by_one(images, targets, expected))
