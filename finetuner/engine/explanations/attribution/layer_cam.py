"""Layer-CAM (Jiang et al., Exploring Hierarchical Class Activation Maps for Localization, 2021)."""

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.gradients import scores
from finetuner.engine.explanations.layout import to_maps
from finetuner.engine.explanations.tap import Tap


class LayerCam:
    """Each place has its own weight, so that early layers give maps that can be read, and finer ones."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return relu(sum_k relu(g_k) A_k), g = d logit / d A: N,h,w of the layer."""
        with torch.enable_grad(), Tap(model, layer) as tap:
            gradient = tap.gradient(scores(model, images, targets).sum())
        maps, slopes = to_maps(tap.output.detach(), layer), to_maps(gradient, layer)
        return (slopes.relu() * maps).sum(dim=1).relu()
