"""The .onnx file at half the size: weights are kept in half precision and widened when the file is opened.

What is computed stays in full precision, as with OpenVINO's compressed files: computing in half precision would make it
no smaller, and on a processor no faster. Rounding the weights alone moves a probability of MobileNetV2 by up to 3e-2.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from finetuner.engine.exporters.exporter import Limits, Pixels
from finetuner.engine.exporters.onnx import Onnx, write_model

_LEAST = 64
_LARGEST = float(np.finfo(np.float16).max)


class OnnxFp16(Onnx):
    """Inputs and outputs are those of the full file."""

    reference = "onnx"
    limits = Limits(probability=5e-2, tie=5e-2, accuracy_loss=0.01, score=0.2)

    def layers(self, target: Path, pixels: Pixels) -> None:
        """Every layer of it differs a little from the app's."""

    def shrink(self, full: Path, target: Path, images: Iterable[Pixels]) -> None:
        """Write the file `full` with its weights in half precision. Needs no images."""
        write_model(halved(onnx.load(full, load_external_data=False)), target)


def halved(model: Any) -> Any:
    """The model with its large constants in half precision, each followed by a Cast. Mean, deviation, biases stay."""
    weights = [tensor for tensor in model.graph.initializer if _is_worth_it(tensor)]
    casts = list(_casts(weights))
    for tensor in weights:
        values = numpy_helper.to_array(tensor).clip(-_LARGEST, _LARGEST)
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), _half(tensor.name)))
    nodes = [*casts, *model.graph.node]
    model.graph.ClearField("node")
    model.graph.node.extend(nodes)
    return model


def _is_worth_it(tensor: Any) -> bool:
    return tensor.data_type == TensorProto.FLOAT and len(tensor.dims) > 1 and int(np.prod(tensor.dims)) >= _LEAST


def _casts(weights: list[Any]) -> Iterator[Any]:
    for tensor in weights:
        name = tensor.name
        yield helper.make_node("Cast", [_half(name)], [name], name=f"widen {name}", to=TensorProto.FLOAT)


def _half(name: str) -> str:
    return f"{name}.half"
