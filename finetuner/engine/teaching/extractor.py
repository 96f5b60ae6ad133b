"""The frozen network as features: an .onnx that this program wrote, in onnxruntime. Needs no torch.

It is an ordinary exported model whose head changes nothing, so its logits are what a head would be given.
"""

from collections.abc import Sequence
from pathlib import Path

from finetuner.engine.prediction.onnx_predictor import OnnxPredictor
from finetuner.engine.prediction.predictor import Pixels, Shares


class Extractor:
    """Open an extractor's file. Raises FinetunerError when it is none."""

    def __init__(self, path: Path) -> None:
        self._model = OnnxPredictor(path)
        self.size = len(self._model.classes)
        """F."""

    def features(self, images: Sequence[Pixels]) -> Shares:
        """n x F of n images of any sizes. Raises FinetunerError when the network fails on one."""
        return self._model.answer(images).logits
