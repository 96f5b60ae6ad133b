"""A stranger's .onnx is refused before onnxruntime sees it, if it could read other files or exhaust the machine.

Refused are: files above 2 GB, anything stored outside the file, functions, operators of other domains (their own code)
and those that are not on the list (control flow, random sources, text, image codecs), and constants that ask for absurd
shapes (memory bombs).
"""

import math
from typing import Any

import numpy as np

from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.onnx_operators import ALLOWED

LARGEST_FILE = 2**31 - 1
LARGEST_TENSOR = 2**29
"""Elements. The largest layer of a vision network known to timm has a quarter of that."""
ALLOWED_DOMAINS = frozenset({"", "ai.onnx"})
SHAPED_BY_INPUT = frozenset({"ConstantOfShape", "Expand", "Tile", "Range", "OneHot"})
_ADVICE = "Only open model files from people you trust, in the form this app exports."


class UnsafeModel(FinetunerError):  # noqa: N818 - it names the model, as the sentence to the user does
    """The file was not opened, and why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The model file was not opened: {reason}.", _ADVICE)


def checked(content: bytes) -> Any:
    """Parse an .onnx file's bytes and look at everything in it. Returns the ModelProto; raises UnsafeModel."""
    import onnx
    from google.protobuf.message import DecodeError

    if len(content) > LARGEST_FILE:
        raise UnsafeModel("it is above 2 GB")
    try:
        model = onnx.load_model_from_string(content)
    except DecodeError as error:
        raise UnsafeModel("it is not an ONNX file, or it is damaged") from error
    if not model.graph.node:
        raise UnsafeModel("it is not an ONNX file, or it is damaged")
    if model.functions:
        raise UnsafeModel("it defines functions of its own")
    _check_graph(model.graph)
    return model


def _check_graph(graph: Any) -> None:
    if graph.sparse_initializer:
        raise UnsafeModel("it holds sparse tensors")
    constants = {tensor.name: tensor for tensor in graph.initializer}
    for tensor in graph.initializer:
        _check_tensor(tensor)
    for node in graph.node:
        _check_node(node)
        constants.update(_constant(node))
    for node in graph.node:
        _check_demand(node, constants)


def _constant(node: Any) -> dict[str, Any]:
    return (
        {node.output[0]: node.attribute[0].t} if node.op_type == "Constant" and node.output and node.attribute else {}
    )


def _check_node(node: Any) -> None:
    if node.domain not in ALLOWED_DOMAINS:
        raise UnsafeModel(f"it uses the operator {node.op_type} of {node.domain}, which is not part of ONNX")
    if node.op_type not in ALLOWED:
        raise UnsafeModel(f"it uses the operator {node.op_type}, which a classifier does not need")
    for attribute in node.attribute:
        if attribute.HasField("g") or attribute.graphs:
            raise UnsafeModel(f"it hides a graph in the operator {node.op_type}")
        for tensor in [attribute.t, *attribute.tensors]:
            _check_tensor(tensor)


def _check_tensor(tensor: Any) -> None:
    if tensor.data_location or tensor.external_data:
        raise UnsafeModel("it keeps numbers in another file")
    if any(size < 0 for size in tensor.dims) or math.prod(tensor.dims) > LARGEST_TENSOR:
        raise UnsafeModel(f"it holds a tensor of {' x '.join(map(str, tensor.dims))} numbers")


def _check_demand(node: Any, constants: dict[str, Any]) -> None:
    """Refuse a constant shape that no picture needs; shapes computed from the picture are not known yet."""
    if node.op_type not in SHAPED_BY_INPUT:
        return
    for name in node.input:
        if name in constants and _asks_for(constants[name]) > LARGEST_TENSOR:
            raise UnsafeModel(f"the operator {node.op_type} asks for more memory than any picture needs")


def _asks_for(tensor: Any) -> float:
    from onnx import numpy_helper

    if math.prod(tensor.dims) > 16 or tensor.data_type not in (6, 7):
        return 0.0
    try:
        values = numpy_helper.to_array(tensor)
    except ValueError as error:
        raise UnsafeModel("it is damaged") from error
    return float(np.abs(values.astype(np.float64)).clip(min=1).prod())
