"""Depthwise convolutions in bf16 on a CPU: three parts of their backward pass have no quick kernel there.

oneDNN 3.13 takes up to a hundred times longer in bf16 than in fp32 for the gradient of the input of a strided depthwise
convolution, up to five times for that of the weights of one larger than 3 x 3, and even with stride 1 twice as long for
the gradient of the input as for a forward pass. A forward pass gives the same: the outputs' gradient, laid out with
holes where there is a stride, convolved with the kernel turned half around. Large kernels' weights get theirs in fp32.
The rest stays as it is (docs/performance.md): half of a MobileNet's training step had gone there.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

_QUICK_KERNEL = 3
Geometry = tuple[Any, ...]
"""Stride, padding, dilation, not transposed, no padding of the output, groups."""


def is_slow(images: Tensor, weight: Tensor, groups: int) -> bool:
    """Whether this convolution of bf16 numbers on a CPU has a slow backward pass ahead."""
    if groups == 1 or weight.shape[1] > 1 or not torch.is_grad_enabled():
        return False
    return images.requires_grad or (weight.requires_grad and _is_large(weight))


def gradients(
    gradient: Tensor, images: Tensor, weight: Tensor, geometry: Geometry, wanted: Sequence[bool]
) -> tuple[Tensor | None, ...]:
    """Those of images N,C,H,W, weight D,1,K,K and bias D, each if it is wanted."""
    for_images, *for_terms = wanted
    return (
        _of_images(gradient, images, weight, geometry) if for_images else None,
        *(_of_terms(gradient, images, weight, geometry, for_terms) if any(for_terms) else (None, None)),
    )


def _of_images(gradient: Tensor, images: Tensor, weight: Tensor, geometry: Geometry) -> Tensor:
    """Of the images their shape alone counts."""
    stride, padding, dilation, *_ = geometry
    around = [step * (side - 1) - edge for step, side, edge in zip(dilation, weight.shape[2:], padding, strict=True)]
    if min(around) >= 0 and len(weight) == images.shape[1]:
        return _by_forward_pass(gradient, images, weight, geometry, around)
    kind = torch.float32 if max(stride) > 1 else images.dtype
    terms = gradient.to(kind), torch.empty_like(images, dtype=kind), weight.to(kind)
    found: Tensor = torch.ops.aten.convolution_backward(*terms, None, *geometry, [True, False, False])[0]
    return found.to(images.dtype)


def _by_forward_pass(
    gradient: Tensor, images: Tensor, weight: Tensor, geometry: Geometry, around: Sequence[int]
) -> Tensor:
    """`around`: the padding with which the turned kernel meets every place of the images."""
    stride, padding, dilation, *rest = geometry
    sides = [side + edge - more for side, edge, more in zip(images.shape[2:], padding, around, strict=True)]
    spread = _spread(gradient, stride, sides)
    answer: Tensor = torch.ops.aten.convolution(spread, weight.flip(2, 3), None, (1, 1), around, dilation, *rest)
    return answer


def _spread(gradient: Tensor, stride: tuple[int, int], sides: Sequence[int]) -> Tensor:
    """The gradient on the grid that a stride of 1 would have had, `sides` high and wide; zeros between."""
    if max(stride) == 1:
        return gradient
    last = gradient.is_contiguous(memory_format=torch.channels_last)
    form = torch.channels_last if last else torch.contiguous_format
    grid = torch.empty(*gradient.shape[:2], *sides, dtype=gradient.dtype, memory_format=form).zero_()
    grid[:, :, :: stride[0], :: stride[1]] = gradient
    return grid


def _of_terms(
    gradient: Tensor, images: Tensor, weight: Tensor, geometry: Geometry, wanted: Sequence[bool]
) -> Iterator[Tensor | None]:
    """Of weight and bias: in one go, since a sum of its own for the bias takes as long as the convolution."""
    kind = torch.float32 if _is_large(weight) else weight.dtype
    terms = gradient.to(kind), images.to(kind), weight.to(kind)
    found = torch.ops.aten.convolution_backward(*terms, [len(weight)], *geometry, [False, *wanted])[1:]
    return (gradient.to(weight.dtype) if asked else None for gradient, asked in zip(found, wanted, strict=True))


def _is_large(weight: Tensor) -> bool:
    return max(weight.shape[2:]) > _QUICK_KERNEL
