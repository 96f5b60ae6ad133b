"""torch's antialiased resize in plain operators: OpenVINO and OpenCV read the operator Resize, but not its `antialias`.

Along each axis it is one product with a matrix of weights, which the graph computes from the size of the image: a
kernel as wide as an output pixel is in the image, each row divided by its sum. Most of that matrix is zero. So the
outputs go in groups of about eight, and each group is multiplied with the window of the image that it can see.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from onnx import TensorProto, numpy_helper
from onnxscript import FLOAT, opset18

_GROUP = 8
"""Measured from 640 x 480 to 12 megapixels: larger groups multiply by more zeros, smaller ones read pixels twice."""
_SWAP_AXES = (0, 1, 3, 2)

op: Any = opset18
Kernel = Callable[[Any], Any]


def translations() -> dict[Callable[..., Any], Callable[..., Any]]:
    """What stands in the graph for torch's operations, as torch's exporter wants to be told."""
    return {
        torch.ops.aten._upsample_bilinear2d_aa.default: bilinear,
        torch.ops.aten._upsample_bicubic2d_aa.default: bicubic,
    }


def bilinear(
    self: FLOAT,
    output_size: Sequence[int],
    align_corners: bool,
    scales_h: float | None = None,
    scales_w: float | None = None,
) -> FLOAT:
    """Planes N,C,h,w to N,C,H,W. Names are torch's; aligned corners and given scales are not, and fail verification."""
    return _resized(self, output_size, _triangle, 1.0)


def bicubic(
    self: FLOAT,
    output_size: Sequence[int],
    align_corners: bool,
    scales_h: float | None = None,
    scales_w: float | None = None,
) -> FLOAT:
    """Planes N,C,h,w to N,C,H,W. Names are torch's; aligned corners and given scales are not, and fail verification."""
    return _resized(self, output_size, _cubic, 2.0)


def _resized(planes: Any, size: Sequence[int], kernel: Kernel, reach: float) -> Any:
    rows = _along_rows(planes, size[0], kernel, reach)
    columns = _along_rows(op.Transpose(rows, perm=_SWAP_AXES), size[1], kernel, reach)
    return op.Transpose(columns, perm=_SWAP_AXES)


def _along_rows(planes: Any, size: int, kernel: Kernel, reach: float) -> Any:
    """N,C,length,m to N,C,size,m."""
    length = op.Cast(op.Shape(planes, start=2, end=3), to=TensorProto.FLOAT)
    scale = op.Div(length, float(size))
    stretch = op.Max(scale, 1.0)
    centres = op.Mul(scale, _floats(_grouped(size) + 0.5))
    seen = _seen(length, scale, op.Mul(stretch, reach), size)
    weights = _weights(op.Unsqueeze(seen, [1]), centres, stretch, length, kernel)
    last = op.Sub(length, 1.0)
    windows = op.Gather(planes, op.Cast(op.Min(seen, last), to=TensorProto.INT64), axis=2)
    return op.Reshape(op.MatMul(weights, windows), _shape(planes, size))


def _seen(length: Any, scale: Any, support: Any, size: int) -> Any:
    """The rows of the image in each group's window, groups x window; some may lie behind the last one."""
    outputs = _grouped(size)
    centres = op.Mul(scale, _floats(outputs[:, 0] + 0.5))
    start = op.Max(op.Floor(op.Sub(centres, support)), 0.0)
    span = op.Add(op.Mul(scale, float(outputs.shape[1] - 1)), op.Mul(support, 2.0))
    window = op.Cast(op.Min(op.Add(op.Ceil(span), 1.0), length), to=TensorProto.INT64)
    steps = op.Cast(op.Range(_whole(0), op.Squeeze(window), _whole(1)), to=TensorProto.FLOAT)
    return op.Add(start, steps)


def _weights(rows: Any, centres: Any, stretch: Any, length: Any, kernel: Kernel) -> Any:
    """How much of each row in the window goes into each output of the group: groups x outputs x window."""
    distance = op.Div(op.Sub(op.Add(rows, 0.5), centres), stretch)
    inside = op.Cast(op.Less(rows, length), to=TensorProto.FLOAT)
    weights = op.Mul(kernel(op.Abs(distance)), inside)
    return op.Div(weights, op.ReduceSum(weights, [2], keepdims=1))


def _triangle(distance: Any) -> Any:
    return op.Relu(op.Sub(1.0, distance))


def _cubic(distance: Any) -> Any:
    """Keys' cubic with a = -0.5, which torch takes where it is antialiased."""
    near, far = op.Min(distance, 1.0), op.Min(op.Max(distance, 1.0), 2.0)
    return op.Add(_polynomial(near, 1.5, -2.5, 0.0, 1.0), _polynomial(far, -0.5, 2.5, -4.0, 2.0))


def _polynomial(value: Any, *coefficients: float) -> Any:
    """By Horner's rule."""
    first, *others = coefficients
    sum = op.Mul(value, first)
    for coefficient in others[:-1]:
        sum = op.Mul(op.Add(sum, coefficient), value)
    return op.Add(sum, others[-1])


def _grouped(size: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """The outputs 0..size-1, groups x outputs x 1; the groups are equal, and about as large as they should be."""
    divisors = (number for number in range(1, size + 1) if size % number == 0)
    group = min(divisors, key=lambda number: abs(number - _GROUP))
    return np.arange(size, dtype=np.float32).reshape(-1, group, 1)


def _shape(planes: Any, size: int) -> Any:
    return op.Concat(
        op.Shape(planes, start=0, end=2), op.Constant(value_ints=[size]), op.Shape(planes, start=3), axis=0
    )


def _floats(values: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> Any:
    return op.Constant(value=numpy_helper.from_array(values))


def _whole(number: int) -> Any:
    return op.Constant(value_int=number)
