"""DeepDream (Mordvintsev et al., Inceptionism: Going Deeper into Neural Networks, 2015)."""

import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.explanations.explanation import Drawn, Picture
from finetuner.engine.explanations.gradients import resting
from finetuner.engine.explanations.inside.ascent import jittered
from finetuner.engine.explanations.subject import Subject
from finetuner.engine.explanations.tap import Tap
from finetuner.engine.explanations.target import spatial_steps
from finetuner.engine.explanations.tiles import levels

OCTAVES = (0.5, 0.71, 1.0)
"""Sides at which it dreams, as shares of the photo's; the network gets it at its own size each time."""
STEPS = 10
_STRIDE = 0.02
_DEPTH = 0.6


class DeepDream:
    """The photo with more of what a layer sees in it. It shows what the layer knows, not what it decides."""

    def draw(self, subject: Subject, layer: str | None) -> Picture:
        """Climb d |A|^2 / d pixel, coarse strokes first; `layer` is one past the middle unless it is wished for.

        Raises FinetunerError when the layer gives no tensor.
        """
        name = layer or _deep(subject)
        dream, total = subject.images.clone(), len(OCTAVES) * STEPS
        source, span = torch.Generator().manual_seed(0), subject.pixels.white - subject.pixels.black
        for number, share in enumerate(OCTAVES):
            for step in range(STEPS):
                slope = _slope(subject, name, jittered(dream, 4, source), share)
                dream = subject.pixels.clamped(dream + _STRIDE * span * slope / slope.abs().mean().clamp(min=1e-12))
                yield number * STEPS + step + 1, total
        return Drawn(levels(subject.pixels.shown(dream)[0].numpy()), f"More of what {name} sees in the photo.", name)


def _slope(subject: Subject, name: str, images: Tensor, share: float) -> Tensor:
    """The gradient by the pixels, smoothed to strokes of a size that `share` of the side can show."""
    with torch.enable_grad(), resting(subject.model):
        leaf = images.detach().clone().requires_grad_()
        with Tap(subject.model, name, cut=False) as tap:
            subject.model(leaf * 1)
        (slope,) = torch.autograd.grad(tap.output.square().mean(), leaf)
    side = slope.shape[-1]
    coarse = functional.interpolate(slope, scale_factor=share / 2, mode="bilinear", antialias=True)
    return functional.interpolate(coarse, size=(side, side), mode="bilinear")


def _deep(subject: Subject) -> str:
    names = [step.name for step in spatial_steps(subject.model, subject.images)]
    return names[int(len(names) * _DEPTH)]
