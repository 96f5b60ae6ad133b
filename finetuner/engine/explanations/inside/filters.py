"""Filters (Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks, 2012)."""

import numpy as np
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.explanation import Drawn, Picture
from finetuner.engine.explanations.subject import Subject
from finetuner.engine.explanations.tap import submodule
from finetuner.engine.explanations.tiles import grid, levels

MOST = 100
_TILE = 48
_COLOURS = 3


class Filters:
    """The weights themselves, each filter as a small image: edges and colours after good training, noise before."""

    def draw(self, subject: Subject, layer: str | None) -> Picture:
        """Draw the convolution that sees the image, or `layer`: each filter from its lowest to its highest weight.

        Raises FinetunerError where a filter has not three input channels: there is nothing to draw it by.
        """
        name, weight = _seen(subject.model, layer)
        yield 1, 1
        shown = weight[:MOST].permute(0, 2, 3, 1).numpy().astype(np.float32)
        low, high = shown.min(axis=(1, 2, 3), keepdims=True), shown.max(axis=(1, 2, 3), keepdims=True)
        tiles = levels((shown - low) / np.maximum(high - low, 1e-12))
        sentence = f"{len(tiles)} of {len(weight)} filters of {weight.shape[2]} x {weight.shape[3]} pixels."
        return Drawn(grid(list(tiles), _TILE), sentence, name)


def _seen(model: nn.Module, layer: str | None) -> tuple[str, Tensor]:
    """The layer's name and its weight K,3,h,w."""
    modules = [(layer, submodule(model, layer))] if layer else list(model.named_modules())
    for name, module in modules:
        if isinstance(module, nn.Conv2d) and module.weight.shape[1] == _COLOURS:
            return name, module.weight.detach()
    where = f"The layer {layer} is" if layer else "This network begins with"
    raise FinetunerError(
        f"{where} no convolution of three colours, so its filters are no pictures.", "Choose feature-maps instead."
    )
