"""Feature maps (Yosinski et al., Understanding Neural Networks Through Deep Visualization, 2015)."""

import numpy as np

from finetuner.engine.explanations.explanation import Drawn, Picture
from finetuner.engine.explanations.inside.channels import feature_maps, strongest
from finetuner.engine.explanations.render import colours
from finetuner.engine.explanations.subject import Subject
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.explanations.tiles import grid

MOST = 64
_TILE = 96


class FeatureMaps:
    """What the strongest channels of a layer answer to this image, place by place. One channel is rarely one thing."""

    def draw(self, subject: Subject, layer: str | None) -> Picture:
        """Draw A_k of the channels that stand out most, each from its lowest to its highest value.

        Raises FinetunerError when the layer's output has no places.
        """
        name = layer or target_layer(subject.model, subject.images)
        maps = feature_maps(subject.model, name, subject.images)[0]
        yield 1, 1
        chosen = strongest(maps, MOST)
        shown = maps[chosen].numpy().astype(np.float32)
        low, high = shown.min(axis=(1, 2), keepdims=True), shown.max(axis=(1, 2), keepdims=True)
        tiles = colours((shown - low) / np.maximum(high - low, 1e-12)).round().astype(np.uint8)
        sentence = f"{len(chosen)} of {len(maps)} channels, the strongest first: {', '.join(map(str, chosen[:8]))}."
        return Drawn(grid(list(tiles), _TILE), sentence, name)
