"""A convolution and the activation behind it in one call of oneDNN, gradients included.

Torch would read and write the whole answer once more for the activation. Where its gradient can be told from what it
answered, as with relu and relu6, it need not be known what it was asked (Rota Bulò et al., 2018, arXiv:1712.02616).
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

from finetuner.engine.backbones.followers import ACTIVATIONS, Activation
from finetuner.engine.training import depthwise

_FUSED = dict(zip(ACTIVATIONS, ("relu", "hardtanh", "hardswish", "swish"), strict=True))
"""What oneDNN calls them."""
_TOLD_BY_ANSWER = (functional.relu, functional.hardtanh)


def fuses(activation: Activation | None, *terms: Tensor | None) -> bool:
    """Whether a convolution of these terms can be one with the activation."""
    if activation is None or not torch.backends.mkldnn.is_available():
        return False
    return activation[0] in _TOLD_BY_ANSWER or not _learn(*terms)


def convolved(
    images: Tensor, weight: Tensor, bias: Tensor | None, activation: Activation | None, *geometry: Any
) -> Tensor:
    """torch.nn.functional.conv2d, and the activation if one is named; in autocast's precision.

    `geometry`: stride, padding, dilation, groups.
    """
    special = False
    if torch.is_autocast_enabled("cpu"):
        special = depthwise.is_slow(images, weight, geometry[-1])
        kind = torch.get_autocast_dtype("cpu")
        images, weight, bias = images.to(kind), weight.to(kind), None if bias is None else bias.to(kind)
    if special or (activation and _learn(images, weight, bias)):
        answer: Tensor = Convolving.apply(images, weight, bias, activation, special, *geometry)
        return answer
    return _forward(images, weight, bias, activation, *geometry)


class Convolving(Function):
    """conv2d with a backward pass of its own: N,C,H,W -> N,D,H',W'."""

    @staticmethod
    def forward(
        ctx: Any,
        images: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        activation: Activation | None,
        special: bool,
        *geometry: Any,
    ) -> Tensor:
        """`special`: the gradients are those of `depthwise`."""
        answer = _forward(images, weight, bias, activation, *geometry)
        ctx.save_for_backward(images, weight, answer if activation else None)
        ctx.activation, ctx.special, ctx.geometry = activation, special, geometry
        return answer

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """The gradients of images, weight and bias; none for the rest."""
        [gradient], (images, weight, answer) = gradients, ctx.saved_tensors
        if ctx.activation:
            gradient = _through(ctx.activation, gradient, answer)
        backward = depthwise.gradients if ctx.special else _gradients
        stride, padding, dilation, groups = ctx.geometry
        geometry = (stride, padding, dilation, False, (0, 0), groups)
        found = backward(gradient, images, weight, geometry, ctx.needs_input_grad[:3])
        return (*found, None, None, None, None, None, None)


def _forward(
    images: Tensor, weight: Tensor, bias: Tensor | None, activation: Activation | None, *geometry: Any
) -> Tensor:
    if activation is None:
        return functional.conv2d(images, weight, bias, *geometry)
    function, limits = activation
    stride, padding, dilation, groups = geometry
    order = (padding, stride, dilation, groups)
    answer: Tensor = torch.ops.mkldnn._convolution_pointwise(images, weight, bias, *order, _FUSED[function], limits, "")
    return answer


def _through(activation: Activation, gradient: Tensor, answer: Tensor) -> Tensor:
    """The gradient before the activation: none where the answer lies at a limit."""
    limits = activation[1]
    if limits:
        return torch.ops.aten.hardtanh_backward(gradient, answer, *limits)
    return torch.ops.aten.threshold_backward(gradient, answer, 0)


def _gradients(
    gradient: Tensor, images: Tensor, weight: Tensor, geometry: depthwise.Geometry, wanted: tuple[bool, ...]
) -> tuple[Tensor | None, ...]:
    terms = (gradient, images, weight, [len(weight)])
    return tuple(torch.ops.aten.convolution_backward(*terms, *geometry, list(wanted)))


def _learn(*terms: Tensor | None) -> bool:
    return torch.is_grad_enabled() and any(term is not None and term.requires_grad for term in terms)
