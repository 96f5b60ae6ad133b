"""Saliency (Simonyan et al., Deep Inside Convolutional Networks, 2014)."""

from torch import Tensor, nn

from finetuner.engine.explanations.gradients import by_pixels, strongest


class Saliency:
    """Where a small change of a pixel would change the answer most; grainy, and blind to what is saturated."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return max_c |d logit / d pixel|: N,S,S."""
        return strongest(by_pixels(model, images, targets))
