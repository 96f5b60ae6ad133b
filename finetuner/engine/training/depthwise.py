"""Depthwise convolutions in bf16 on a CPU: two parts of their backward pass have no quick kernel there.

oneDNN 3.13 takes up to a hundred times longer in bf16 than in fp32 for the gradient of the input of a strided depthwise
convolution, and up to five times for that of the weights of one larger than 3 x 3. These two run in fp32 here, the rest
stays in bf16 (docs/performance.md): half of a MobileNet's training step had gone there.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

_QUICK_KERNEL = 3
Pair = tuple[int, int]


def is_slow(images: Tensor, weight: Tensor, stride: Pair, groups: int) -> bool:
    """Whether this convolution of bf16 numbers on a CPU has a slow backward pass ahead."""
    if groups == 1 or weight.shape[1] > 1 or not torch.is_grad_enabled():
        return False
    return (images.requires_grad and max(stride) > 1) or (weight.requires_grad and _is_large(weight))


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
        for_images, for_weight, for_bias = ctx.needs_input_grad[:3]
        return (
            _gradient(0, gradient, images, weight, ctx.geometry) if for_images else None,
            _gradient(1, gradient, images, weight, ctx.geometry) if for_weight else None,
            gradient.sum((0, 2, 3), dtype=torch.float32).to(gradient.dtype) if for_bias else None,
            *(None, None, None),
        )


def _gradient(number: int, gradient: Tensor, images: Tensor, weight: Tensor, geometry: tuple[Any, ...]) -> Tensor:
    """The gradient of the images (0) or of the weights (1), in their own precision."""
    slow = _is_large(weight) if number else max(geometry[0]) > 1
    terms = [term.float() if slow else term for term in (gradient, images, weight)]
    mask = [number == 0, number == 1, False]
    found: Tensor = torch.ops.aten.convolution_backward(*terms, None, *geometry, mask)[number]
    return found.to(images.dtype)


def _is_large(weight: Tensor) -> bool:
    return max(weight.shape[2:]) > _QUICK_KERNEL
