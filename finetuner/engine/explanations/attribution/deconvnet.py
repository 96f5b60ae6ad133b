"""Deconvnet (Zeiler & Fergus, Visualizing and Understanding Convolutional Networks, 2014)."""

from torch import Tensor, nn

from finetuner.engine.explanations.attribution.rectifiers import deconvolved, rectified_gradient
from finetuner.engine.explanations.gradients import strongest


class Deconvnet:
    """The class's evidence projected back through the network; sharp, and hardly bound to the class."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return max_c |R|, R the gradient by the pixels with g [g > 0] at each ReLU: N,S,S.

        Max pooling passes back to the place that won (the paper's switches). Raises FinetunerError for a network
        without ReLU.
        """
        return strongest(rectified_gradient(model, images, targets, deconvolved, "Deconvnet"))
