"""Guided backpropagation (Springenberg et al., Striving for Simplicity: The All Convolutional Net, 2015)."""

from torch import Tensor, nn

from finetuner.engine.explanations.attribution.rectifiers import guided, rectified_gradient
from finetuner.engine.explanations.gradients import strongest


class GuidedBackprop:
    """Sharp, since it redraws edges; nearly the same for every class and network. Never trust it alone."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return max_c |R|, R the gradient by the pixels with g [x > 0] [g > 0] at each ReLU: N,S,S.

        Raises FinetunerError for a network without ReLU.
        """
        return strongest(rectified_gradient(model, images, targets, guided, "Guided backpropagation"))
