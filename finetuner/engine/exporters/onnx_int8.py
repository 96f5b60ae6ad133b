"""The .onnx file at about a quarter of the size: weights and activations as whole numbers from 0 to 255.

Static quantisation with one scale a channel (Jacob et al., 2018), written as QuantizeLinear and DequantizeLinear around
float operators, which every runtime reads. The ranges come from the run's training images.
"""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from finetuner.engine.errors import FinetunerError
from finetuner.engine.exporters.exporter import Limits, Model, Pixels
from finetuner.engine.exporters.onnx import INPUT, Onnx, write_model

_LEAST = 64
_WEIGHTED = ("Conv", "Gemm", "MatMul")


class OnnxInt8(Onnx):
    """Inputs and outputs are those of the full file; preprocessing and softmax stay as they were."""

    reference = "onnx"
    limits = Limits(probability=1.0, other_class=0.05, accuracy_loss=0.01, score=float("inf"))

    def layers(self, target: Path, pixels: Pixels) -> None:
        """Every layer of it differs a little from the app's."""

    def shrink(self, full: Path, target: Path, images: Iterable[Pixels]) -> None:
        """Quantise the file `full`. The first and the last layer stay float where the training images ask for it.

        Raises FinetunerError when there are no training images to take the ranges from.
        """
        whole = self.reopen(full)
        expected = [whole(pixels)[0] for pixels in images]
        if not expected:
            raise FinetunerError(
                "The training images were not found, and this format takes its ranges from them.",
                "Put them back where they were, or export onnx-fp16.",
            )
        with tempfile.TemporaryDirectory() as folder:
            tried = list(self._tried(full, Path(folder), images))
            best = min(tried, key=lambda path: _distance(self.reopen(path), expected, images))
            write_model(narrowed(onnx.load(best)), target)

    def _tried(self, full: Path, folder: Path, images: Iterable[Pixels]) -> Iterator[Path]:
        """Quantised files: all layers, and all but the first and the last."""
        model = onnx.load(full, load_external_data=False)
        plain = outside(model, self.prepared)
        layers = [node.name for node in model.graph.node if node.op_type in _WEIGHTED and node.name not in plain]
        for number, kept in enumerate(([], [layers[0], layers[-1]])):
            path = folder / f"{number}.onnx"
            quantise(model, path, [*plain, *kept], images)
            yield path


def quantise(model: Any, target: Path, excluded: list[str], images: Iterable[Pixels]) -> None:
    """Write `model` quantised but for the nodes `excluded`."""
    plain = onnx.ModelProto()
    plain.CopyFrom(model)
    # shapes that the exporter noted with symbols stop the quantiser
    plain.graph.ClearField("value_info")
    with _quiet():
        quantize_static(
            plain,
            target,
            _Reader(images),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=excluded,
        )


def narrowed(model: Any) -> Any:
    """The model with the large tables behind its logits in whole numbers, too, one scale a column.

    Those are the features of known images, by which an image is unknown. The quantiser would also round what is
    compared with them.
    """
    used = {name for node in _behind(model) for name in node.input}
    tables = [tensor for tensor in model.graph.initializer if tensor.name in used and _is_table(tensor)]
    for tensor in tables:
        name, values = tensor.name, numpy_helper.to_array(tensor)
        scales = np.maximum(np.abs(values).max(0), np.finfo(np.float32).tiny).astype(np.float32) / 127
        tensor.CopyFrom(numpy_helper.from_array(np.round(values / scales).astype(np.int8), f"{name}.narrow"))
        model.graph.initializer.append(numpy_helper.from_array(scales, f"{name}.scale"))
        inputs = [f"{name}.narrow", f"{name}.scale"]
        model.graph.node.insert(0, helper.make_node("DequantizeLinear", inputs, [name], f"widen {name}", axis=1))
    return model


def _is_table(tensor: Any) -> bool:
    return tensor.data_type == TensorProto.FLOAT and len(tensor.dims) == 2 and int(np.prod(tensor.dims)) >= _LEAST


def _behind(model: Any) -> list[Any]:
    """The nodes that follow the logits."""
    last = next(place for place, node in enumerate(model.graph.node) if "logits" in node.output)
    return list(model.graph.node[last + 1 :])


def outside(model: Any, prepared: str) -> list[str]:
    """The nodes of the preprocessing, up to the tensor `prepared`, and those that follow the logits."""
    first = next(place for place, node in enumerate(model.graph.node) if prepared in node.output)
    return [node.name for node in (*model.graph.node[: first + 1], *_behind(model))]


class _Reader(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime is untyped
    """One image after the other, as the quantiser asks for them."""

    def __init__(self, images: Iterable[Pixels]) -> None:
        self._images = iter(images)

    def get_next(self) -> dict[str, Any] | None:
        """The next image; None after the last."""
        pixels = next(self._images, None)
        return None if pixels is None else {INPUT: pixels[None]}


def _distance(model: Model, expected: list[Any], images: Iterable[Pixels]) -> float:
    """The mean |difference| of a probability on the training images."""
    return float(np.mean([np.abs(model(pixels)[0] - p).mean() for pixels, p in zip(images, expected, strict=True)]))


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser warns on the root logger of what does not concern the user."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
