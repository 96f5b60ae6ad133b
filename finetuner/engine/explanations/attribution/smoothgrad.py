"""SmoothGrad (Smilkov et al., SmoothGrad: removing noise by adding noise, 2017)."""

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.explanation import Maps
from finetuner.engine.explanations.gradients import by_pixels, strongest

SAMPLES = 32
BATCH = 8
NOISE = 0.15
"""Deviation of the noise as a share of the image's range; the paper found 0.1 to 0.2 best."""


class SmoothGrad:
    """The mean saliency of noisy versions of the image: less grain, the same question."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Maps:
        """Return mean_n max_c |d logit / d pixel| at image + noise_n: N,S,S."""
        ranges = images.amax(dim=(1, 2, 3)) - images.amin(dim=(1, 2, 3))
        # every image gets the same noise, so that it is explained alone as in company
        noise = torch.randn(SAMPLES, *images.shape[1:], generator=torch.Generator().manual_seed(0))
        total = torch.zeros_like(images[:, 0])
        for start in range(0, SAMPLES, BATCH):
            some = noise[start : start + BATCH]
            for number, image in enumerate(images):
                noisy = image + some * ranges[number] * NOISE
                total[number] += strongest(by_pixels(model, noisy, targets[number].expand(len(some)))).sum(dim=0)
            yield start + len(some), SAMPLES
        return total / SAMPLES
