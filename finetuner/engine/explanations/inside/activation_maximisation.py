"""Activation maximisation (Erhan et al., 2009; Olah et al., Feature Visualization, 2017)."""

import torch
from torch import Tensor

from finetuner.engine.explanations.explanation import Drawn, Picture
from finetuner.engine.explanations.gradients import resting
from finetuner.engine.explanations.inside.ascent import Canvas, Score, jittered
from finetuner.engine.explanations.inside.channels import feature_maps, strongest
from finetuner.engine.explanations.layout import to_maps
from finetuner.engine.explanations.subject import Subject
from finetuner.engine.explanations.tap import Tap
from finetuner.engine.explanations.tiles import levels

STEPS = 128
_RATE = 0.05


class ActivationMaximisation:
    """An image that the class likes best, painted from noise; with a layer, its strongest channel instead."""

    def draw(self, subject: Subject, layer: str | None) -> Picture:
        """Climb d score / d spectrum by Adam, the image shifted a little at each step.

        The score is the class's logit, or the mean of the channel that answers most to the photo. Raises
        FinetunerError when the layer's output has no places.
        """
        score, liked = _score(subject, layer)
        canvas = Canvas(subject.images.shape[-1], subject.pixels)
        reach, source = max(subject.images.shape[-1] // 16, 1), torch.Generator().manual_seed(1)
        optimiser = torch.optim.Adam([canvas.spectrum], _RATE)
        for step in range(STEPS):
            with torch.enable_grad(), resting(subject.model):
                loss = -score(jittered(canvas.image(), reach, source))
                (canvas.spectrum.grad,) = torch.autograd.grad(loss, canvas.spectrum)
            optimiser.step()
            yield step + 1, STEPS
        with torch.no_grad():
            image = canvas.image()
            reached = float(score(image))
        sentence = f"Painted from noise, {liked} reaches {reached:.1f}."
        return Drawn(levels(subject.pixels.shown(image)[0].numpy()), sentence, layer or "")


def _score(subject: Subject, layer: str | None) -> tuple[Score, str]:
    """What is climbed, and how it is called."""
    if layer is None:
        return lambda images: subject.model(images)[0, subject.target], f"the logit of {subject.label}"
    (channel,) = strongest(feature_maps(subject.model, layer, subject.images)[0], 1)

    def mean(images: Tensor) -> Tensor:
        with Tap(subject.model, layer, cut=False) as tap:
            subject.model(images)
        return to_maps(tap.output, layer)[0, channel].mean()

    return mean, f"channel {channel}"
