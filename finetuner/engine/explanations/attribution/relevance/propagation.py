"""A network's calls met on their way, each given the rule by which it hands relevance back.

The network stays as it is. Gradient times value is a tensor's relevance, so sums, averages, maxima and whatever
only moves values need no rule. Those that do:

    linear maps       a rule of `linear`; a batch norm behind a convolution is folded into it
    activations       all to the input: y = x (y / x), the ratio fixed (identity rule; ReLU, SiLU, GELU alike)
    gates, attention  sigmoid and softmax answer how much, not what: all to the signal (Arras 2017, Ali 2022)
    layer norms       the deviation is fixed, the rest is linear (Ali 2022)
    products          of two signals: half to each (Achtibat, AttnLRP, 2024)
    added constants   biases, class tokens, places: they keep their share, which is counted
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from finetuner.engine.explanations.attribution.relevance import attention
from finetuner.engine.explanations.attribution.relevance.linear import Operation, Propagated, Rule

_Call = Callable[..., Any]
_Convolution = tuple[Tensor, Tensor, Tensor | None, Operation, Rule]
_ACTIVATIONS = (
    functional.relu, functional.relu6, functional.hardtanh, functional.leaky_relu, functional.elu, functional.silu,
    functional.gelu, functional.hardswish, functional.mish, functional.tanh, torch.relu, torch.relu_, torch.tanh,
    torch.tanh_, Tensor.relu, Tensor.relu_, Tensor.tanh, Tensor.tanh_,
)  # fmt: skip
_FIXED = (
    functional.sigmoid, functional.hardsigmoid, functional.softmax, torch.sigmoid, torch.sigmoid_, torch.softmax,
    Tensor.sigmoid, Tensor.sigmoid_, Tensor.softmax, torch.norm, Tensor.norm, torch.linalg.vector_norm,
    torch.linalg.norm, torch.rsqrt, Tensor.rsqrt, torch.var, Tensor.var, torch.std, Tensor.std,
)  # fmt: skip
_PRODUCTS = (torch.mul, torch.matmul, torch.bmm, Tensor.mul, Tensor.mul_, Tensor.matmul, Tensor.bmm)
_OPERATORS = (Tensor.__mul__, Tensor.__rmul__, Tensor.__imul__, Tensor.__matmul__)
_SUMS = (torch.add, Tensor.add, Tensor.add_, Tensor.__add__, Tensor.__radd__, Tensor.__iadd__)
_QUOTIENTS = (torch.div, Tensor.div, Tensor.div_, Tensor.__truediv__, Tensor.__itruediv__)
_OUT_OF_PLACE: dict[_Call, _Call] = {
    Tensor.add_: torch.add, Tensor.__iadd__: torch.add, Tensor.mul_: torch.mul, Tensor.__imul__: torch.mul,
    Tensor.div_: torch.div, Tensor.__itruediv__: torch.div,
}  # fmt: skip


class Propagation(TorchFunctionMode):
    """Within the block calls get their rules. The weights must rest, so that what has a gradient is of the image.

    `rule_for` gives each linear map its rule, by its kind ("convolution" or "linear") and whether its input is the
    image itself. `constants` are the leaves that were added on the way.
    """

    def __init__(self, image: Tensor, rule_for: Callable[[str, bool], Rule]) -> None:
        super().__init__()
        self.constants = list[Tensor]()
        self._image = image
        self._rule_for = rule_for
        self._convolved = dict[int, tuple[Tensor, _Convolution]]()
        self._handlers: dict[_Call, _Call] = {
            functional.conv2d: self._convolution,
            functional.linear: self._linear,
            functional.batch_norm: self._batch_norm,
            functional.layer_norm: self._layer_norm,
            functional.group_norm: self._group_norm,
            functional.scaled_dot_product_attention: attention.attend,
            functional.multi_head_attention_forward: self._heads,
            torch.cat: self._joined,
            torch.addcmul: lambda a, b, c, *, value=1: self._summed(a, value * self._product(torch.mul, b, c)),
        }

    def __torch_function__(self, func: _Call, types: object, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if handler := self._handlers.get(func):
            return handler(*args, **kwargs)
        if not args or not any(_depends(part) for part in args[:2]):
            return func(*args, **kwargs)
        if func in _ACTIVATIONS:
            return _identity(func, *args, **kwargs)
        if func in _FIXED:
            return func(args[0].detach().clone(), *args[1:], **kwargs)
        func, plain = _OUT_OF_PLACE.get(func, func), func
        if func in _PRODUCTS or func in _OPERATORS:
            return self._product(func, *args, **kwargs)
        if func in _QUOTIENTS and _depends(args[1]):
            return func(args[0], args[1].detach(), **kwargs)
        if plain in _SUMS:
            return self._summed(*args, **kwargs)
        return func(*args, **kwargs)

    def _convolution(
        self, inputs: Tensor, weight: Tensor, bias: Tensor | None = None, *geometry: Any, **named: Any
    ) -> Tensor:
        def operation(x: Tensor, w: Tensor) -> Tensor:
            return functional.conv2d(x, w, None, *geometry, **named)

        rule = self._rule_for("convolution", inputs is self._image)
        answer = self._propagated(inputs, weight, bias, operation, rule)
        # held, so that no other tensor takes its number
        self._convolved[id(answer)] = answer, (inputs, weight, bias, operation, rule)
        return answer

    def _linear(self, inputs: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        return self._propagated(inputs, weight, bias, functional.linear, self._rule_for("linear", False))

    def _propagated(
        self, inputs: Tensor, weight: Tensor, bias: Tensor | None, operation: Operation, rule: Rule
    ) -> Tensor:
        if bias is not None:
            bias = self._constant(bias[:, None, None] if operation is not functional.linear else bias)
        answer: Tensor = Propagated.apply(inputs, bias, weight.detach(), operation, rule)
        return answer

    def _batch_norm(
        self, inputs: Tensor, mean: Tensor, variance: Tensor, weight: Tensor | None = None, bias: Tensor | None = None,
        training: bool = False, momentum: float = 0.1, eps: float = 1e-5,
    ) -> Tensor:  # fmt: skip
        scale = torch.rsqrt(variance + eps) * (1 if weight is None else weight)
        shift = (0 if bias is None else bias) - mean * scale
        if id(inputs) in self._convolved:
            x, w, b, operation, rule = self._convolved[id(inputs)][1]
            shift = shift if b is None else shift + b * scale
            return self._propagated(x, w * scale[:, None, None, None], shift, operation, rule)
        places = (1,) * (inputs.ndim - 2)
        return inputs * scale.view(-1, *places) + self._constant(shift.view(-1, *places))

    def _layer_norm(
        self, inputs: Tensor, shape: Any, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
    ) -> Tensor:
        axes = tuple(range(-len(shape), 0))
        return self._scaled(_standardised(inputs, axes, eps), weight, bias)

    def _group_norm(
        self, inputs: Tensor, groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
    ) -> Tensor:
        normed = _standardised(inputs.unflatten(1, (groups, -1)), tuple(range(2, inputs.ndim + 1)), eps).flatten(1, 2)
        places = (1,) * (inputs.ndim - 2)
        return self._scaled(normed, *(None if part is None else part.view(-1, *places) for part in (weight, bias)))

    def _scaled(self, normed: Tensor, weight: Tensor | None, bias: Tensor | None) -> Tensor:
        scaled = normed if weight is None else normed * weight
        return scaled if bias is None else scaled + self._constant(bias)

    def _heads(
        self, query: Tensor, key: Tensor, value: Tensor, width: int, heads: int, weight: Tensor, bias: Tensor,
        *rest: Any, **named: Any,
    ) -> tuple[Tensor, None]:  # fmt: skip
        _, _, _, _, out_weight, out_bias = rest[:6]
        parts = zip((query, key, value), weight.chunk(3), bias.chunk(3), strict=True)
        q, k, v = (attention.split(self._linear(x, w, b), heads) for x, w, b in parts)
        return self._linear(attention.joined(attention.attend(q, k, v)), out_weight, out_bias), None

    def _joined(self, tensors: Any, *rest: Any, **named: Any) -> Tensor:
        if any(_depends(part) for part in tensors):
            tensors = [part if _depends(part) else self._constant(part) for part in tensors]
        return torch.cat(tensors, *rest, **named)

    def _summed(self, one: Any, other: Any, **named: Any) -> Tensor:
        parts = (part if _depends(part) else self._constant(torch.as_tensor(part)) for part in (one, other))
        return torch.add(*parts, **named)

    def _product(self, func: _Call, one: Any, other: Any, **named: Any) -> Any:
        if not (_depends(one) and _depends(other)):
            return func(one, other, **named)
        return (func(one, other.detach(), **named) + func(one.detach(), other, **named)) / 2

    def _constant(self, value: Tensor) -> Tensor:
        if not value.is_floating_point():
            value = value.float()
        leaf = value.detach().clone().requires_grad_()
        self.constants.append(leaf)
        return leaf


def _depends(part: object) -> bool:
    """Whether it is of the image: the weights rest."""
    return isinstance(part, Tensor) and part.requires_grad


def _identity(func: _Call, inputs: Tensor, *rest: Any, **named: Any) -> Tensor:
    """The activation with a fixed ratio of output to input; at zero, where there is none, a half."""
    with torch.no_grad():
        output = func(inputs.detach().clone(), *rest, **named)
        ratio = torch.where(inputs == 0, 0.5, output / torch.where(inputs == 0, 1, inputs))
    return inputs * ratio


def _standardised(inputs: Tensor, axes: tuple[int, ...], eps: float) -> Tensor:
    """Zero mean over these axes, and unit deviation, the deviation fixed."""
    centred = inputs - inputs.mean(dim=axes, keepdim=True)
    return centred * torch.rsqrt(centred.detach().square().mean(dim=axes, keepdim=True) + eps)
