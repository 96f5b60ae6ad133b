"""Grad-CAM++ (Chattopadhyay et al., Generalized Gradient-based Visual Explanations, 2018)."""

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.gradients import scores
from finetuner.engine.explanations.layout import to_maps
from finetuner.engine.explanations.tap import Tap


class GradCamPlusPlus:
    """As Grad-CAM, with weights that do justice to several objects of the class, small ones included."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return relu(sum_k w_k A_k) with w_k = sum_ij a_k,ij relu(g_k,ij): N,h,w of the layer.

        g is d logit / d A and a = g^2 / (2 g^2 + g^3 sum_ij A), which is the paper's for the score exp(logit), whose
        common factor is left out.
        """
        with torch.enable_grad(), Tap(model, layer) as tap:
            gradient = tap.gradient(scores(model, images, targets).sum())
        maps, slopes = to_maps(tap.output.detach(), layer), to_maps(gradient, layer)
        below = 2 * slopes**2 + slopes**3 * maps.sum(dim=(2, 3), keepdim=True)
        shares = torch.where(below == 0, 0.0, slopes**2 / torch.where(below == 0, 1.0, below))
        weights = (shares * slopes.relu()).sum(dim=(2, 3), keepdim=True)
        return (weights * maps).sum(dim=1).relu()
