"""Grad-CAM (Selvaraju et al., Visual Explanations from Deep Networks via Gradient-based Localization, 2017)."""

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.layout import to_maps
from finetuner.engine.explanations.tap import Tap


class GradCam:
    """One backward pass; coarse but dependable. A map of zeros says: nothing here speaks for the class."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return relu(sum_k a_k A_k), a_k the mean over places of d logit / d A_k: N,h,w of the layer."""
        with torch.enable_grad(), Tap(model, layer) as tap:
            logits = model(images)
            gradient = tap.gradient(logits.gather(1, targets[:, None]).sum())
        maps, slopes = to_maps(tap.output.detach(), layer), to_maps(gradient, layer)
        weights = slopes.mean(dim=(2, 3), keepdim=True)
        return (weights * maps).sum(dim=1).relu()
