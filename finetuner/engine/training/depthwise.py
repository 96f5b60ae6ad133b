"""Depthwise convolutions in bf16 on a CPU: three parts of their backward pass have no quick kernel there.

oneDNN 3.13 takes up to a hundred times longer in bf16 than in fp32 for the gradient of the input of a strided depthwise
convolution, and up to five times for that of the weights of one larger than 3 x 3. These two run in fp32 here. With
stride 1 it takes twice as long for the gradient of the input as for a forward pass, which gives the same: the outputs'
gradient convolved with the kernel turned half around. The rest stays as it is (docs/performance.md): half of a
MobileNet's training step had gone there.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

_QUICK_KERNEL = 3
Pair = tuple[int, int]
Geometry = tuple[Any, ...]
"""Stride, padding, dilation, not transposed, no padding of the output, groups."""


def is_slow(images: Tensor, weight: Tensor, groups: int) -> bool:
    """Whether this convolution of bf16 numbers on a CPU has a slow backward pass ahead."""
    if groups == 1 or weight.shape[1] > 1 or not torch.is_grad_enabled():
        return False
    return images.requires_grad or (weight.requires_grad and _is_large(weight))


class Depthwise(Function):
    """conv2d of bf16 numbers with one group for each channel: N,C,H,W -> N,D,H',W'."""

    @staticmethod
    def forward(
        ctx: Any, images: Tensor, weight: Tensor, bias: Tensor | None, stride: Pair, padding: Pair, dilation: Pair
    ) -> Tensor:
        """As torch.nn.functional.conv2d with as many groups as channels."""
        ctx.save_for_backward(images, weight)
        ctx.geometry = (stride, padding, dilation, False, (0, 0), images.shape[1])
        answer: Tensor = torch.ops.aten.convolution(images, weight, bias, *ctx.geometry)
        return answer

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """The gradients of images, weight and bias; none for the geometry."""
        [gradient], (images, weight) = gradients, ctx.saved_tensors
        for_images, *for_terms = ctx.needs_input_grad[:3]
        return (
            _of_images(gradient, images, weight, ctx.geometry) if for_images else None,
            *(_of_terms(gradient, images, weight, ctx.geometry, for_terms) if any(for_terms) else (None, None)),
            *(None, None, None),
        )


def _of_images(gradient: Tensor, images: Tensor, weight: Tensor, geometry: Geometry) -> Tensor:
    """Of the images their shape alone counts."""
    stride, padding, dilation, *_ = geometry
    around = [step * (side - 1) - edge for step, side, edge in zip(dilation, weight.shape[2:], padding, strict=True)]
    if max(stride) == 1 and min(around) >= 0 and len(weight) == images.shape[1]:
        answer: Tensor = torch.ops.aten.convolution(gradient, weight.flip(2, 3), None, stride, around, *geometry[2:])
        return answer
    kind = torch.float32 if max(stride) > 1 else images.dtype
    terms = gradient.to(kind), torch.empty_like(images, dtype=kind), weight.to(kind)
    found: Tensor = torch.ops.aten.convolution_backward(*terms, None, *geometry, [True, False, False])[0]
    return found.to(images.dtype)


def _of_terms(
    gradient: Tensor, images: Tensor, weight: Tensor, geometry: Geometry, wanted: list[bool]
) -> Iterator[Tensor | None]:
    """Of weight and bias: in one go, since a sum of its own for the bias takes as long as the convolution."""
    kind = torch.float32 if _is_large(weight) else weight.dtype
    terms = gradient.to(kind), images.to(kind), weight.to(kind)
    found = torch.ops.aten.convolution_backward(*terms, [len(weight)], *geometry, [False, *wanted])[1:]
    return (gradient.to(weight.dtype) if asked else None for gradient, asked in zip(found, wanted, strict=True))


def _is_large(weight: Tensor) -> bool:
    return max(weight.shape[2:]) > _QUICK_KERNEL
