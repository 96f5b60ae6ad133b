"""Where a file and the app part: the first layer whose numbers differ by more than rounding."""

from dataclasses import dataclass

import numpy as np

from finetuner.engine.exporters.exporter import Layers, Values
from finetuner.engine.exporters.layers import RESIZED

NOISE = 1e-3
"""Largest difference that rounding explains, as a share of a layer's largest number."""


@dataclass(frozen=True)
class Parting:
    """`layer` is empty where all of the `compared` layers agree. Differences are shares of a layer's largest number."""

    layer: str
    difference: float
    before: float
    compared: int

    def sentence(self) -> str:
        """The finding in words."""
        if not self.compared:
            return "No layer of the file could be compared with the app's."
        if not self.layer:
            return f"All {self.compared} layers compared agree: they part after the last one."
        return (
            f"They part at {_called(self.layer)}: what leaves it differs by {self.difference:.1e} of its largest "
            f"number, what leaves the layer before by {self.before:.1e}."
        )


def parting(app: Layers, file: Layers) -> Parting:
    """Search by halves between the image, on which both agree, and the answer, on which they do not."""
    shared = [layer for layer in file.names if layer in app.names]
    agreed, apart, before, after = -1, len(shared), 0.0, 0.0
    while apart - agreed > 1:
        middle = (agreed + apart) // 2
        layer = shared[middle]
        difference = relative_difference(app.value(layer), file.value(layer))
        if difference > NOISE:
            apart, after = middle, difference
        else:
            agreed, before = middle, difference
    return Parting(shared[apart] if apart < len(shared) else "", after, before, len(shared))


def relative_difference(app: Values, file: Values) -> float:
    """The largest |difference| over the app's largest number; infinite when shapes differ or a number is not finite."""
    if app.shape != file.shape or not np.isfinite(file).all():
        return float("inf")
    largest = float(np.abs(app).max(initial=0.0))
    return float(np.abs(app - file).max(initial=0.0)) / (largest or 1.0)


def _called(layer: str) -> str:
    known = {RESIZED: "the resizing of the image", "preprocess": "the normalisation of the image"}
    return known.get(layer, f"the layer {layer.removeprefix('model.')}")
