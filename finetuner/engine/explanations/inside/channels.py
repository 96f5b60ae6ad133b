"""Which channels of a layer answer most."""

import torch
from torch import Tensor, nn

from finetuner.engine.explanations.layout import to_maps
from finetuner.engine.explanations.tap import Tap


def feature_maps(model: nn.Module, layer: str, images: Tensor) -> Tensor:
    """What the layer answers: N,C,h,w. Raises FinetunerError when its output has no places."""
    with torch.no_grad(), Tap(model, layer) as tap:
        model(images)
    return to_maps(tap.output.detach(), layer)


def strongest(maps: Tensor, count: int) -> list[int]:
    """Of one image's maps C,h,w the channels that stand out most from their own mean, the first first."""
    contrast = maps.flatten(1).amax(dim=1) - maps.flatten(1).mean(dim=1)
    return contrast.topk(min(count, len(maps))).indices.tolist()
