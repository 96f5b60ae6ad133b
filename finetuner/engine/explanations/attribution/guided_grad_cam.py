"""Guided Grad-CAM (Selvaraju et al., 2017): guided backpropagation where Grad-CAM is warm."""

from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.explanations.attribution.grad_cam import GradCam
from finetuner.engine.explanations.attribution.guided_backprop import GuidedBackprop


class GuidedGradCam:
    """The sharpness of one, the place of the other. Its lines deserve no more trust than guided backpropagation."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return guided backpropagation times Grad-CAM, resized bilinearly: N,S,S.

        Raises FinetunerError for a network without ReLU, or a layer without places.
        """
        lines = GuidedBackprop().explain(model, layer, images, targets)
        coarse = GradCam().explain(model, layer, images, targets)
        places = functional.interpolate(coarse[:, None], size=lines.shape[1:], mode="bilinear")[:, 0]
        return lines * places
