"""How a linear map y = W x + b hands its relevance R back to x and to b (Bach et al., 2015; Montavon et al., 2019).

A rule gets the gradient g with R = y g and returns the gradients with R_x = x g_x and R_b = b g_b. Batch norms are
folded into W and b before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.autograd import Function

Operation = Callable[[Tensor, Tensor], Tensor]
"""(x, W) -> W x."""
_TINY = 1e-6


@dataclass
class Call:
    """One linear map as it ran: y = operation(x, weight) + bias; `bias` has the shape that is added, or is absent."""

    operation: Operation
    inputs: Tensor
    weight: Tensor
    bias: Tensor | None
    output: Tensor

    def back(self, weight: Tensor, upper: Tensor) -> Tensor:
        """W^T upper, in the shape of x."""
        with torch.enable_grad():
            leaf = torch.zeros_like(self.inputs).requires_grad_()
            (found,) = torch.autograd.grad(self.operation(leaf, weight), leaf, upper)
        return found


Gradients = tuple[Tensor, Tensor | None]
"""By x, and by b in the shape of y."""


class Rule(Protocol):
    """A way to hand relevance back."""

    def __call__(self, call: Call, gradient: Tensor) -> Gradients:
        """The gradients by x and by b, for the gradient by y."""
        ...


def epsilon(call: Call, gradient: Tensor) -> Gradients:
    """LRP-epsilon: R_i = sum_j x_i w_ij / (y_j + e sign y_j) R_j; what e swallows is no more than rounding."""
    shares = gradient * _over(call.output, call.output)
    return call.back(call.weight, shares), shares


@dataclass(frozen=True)
class Gamma:
    """LRP-gamma in its form for inputs of either sign: what agrees with the output's sign counts 1 + gamma times."""

    gamma: float

    def __call__(self, call: Call, gradient: Tensor) -> Gradients:
        """As epsilon, with w + gamma w^+ (or w^-) in place of w."""
        given, bias = torch.zeros_like(call.inputs), torch.zeros_like(call.output)
        for sign in _signs(call, gradient):
            high, low = self._raised(call.weight, sign), self._raised(call.weight, -sign)
            b = None if call.bias is None else self._raised(call.bias, sign)
            total = _both(call, high, low) + (0 if b is None else b)
            shares = torch.where(call.output * sign > 0, gradient * _over(call.output, total), 0)
            given += _sorted_back(call, high, low, shares)
            if b is not None and call.bias is not None:
                bias += _quotient(b, call.bias, call.bias != 0) * shares
        return given, bias

    def _raised(self, weight: Tensor, sign: int) -> Tensor:
        return weight + self.gamma * (weight * sign).clamp(min=0) * sign


def z_plus(call: Call, gradient: Tensor) -> Gradients:
    """The z+ rule (alpha 1, beta 0): only what agrees with the output's sign gets a share, and a bias none.

    Where no input agrees, which is common in depthwise convolutions, all inputs share by their size; where no input is
    there at all, the bias keeps it.
    """
    given, relevance = torch.zeros_like(call.inputs), gradient * call.output
    left = relevance != 0
    for sign in _signs(call, gradient):
        high, low = (call.weight * sign).clamp(min=0) * sign, (call.weight * -sign).clamp(min=0) * -sign
        total = _both(call, high, low)
        agreed = left & (call.output * sign > 0) & (total * sign > _TINY * call.output.abs())
        given += _sorted_back(call, high, low, _quotient(relevance, total, agreed))
        left = left & ~agreed
    size = call.operation(call.inputs.abs(), call.weight.abs())
    there = left & (size > _TINY * call.output.abs())
    given += call.inputs.sign() * call.back(call.weight.abs(), _quotient(relevance, size, there))
    if call.bias is None:
        return given, None
    return given, _quotient(relevance, call.bias.expand_as(call.output), left & ~there)


@dataclass(frozen=True)
class Box:
    """The box rule (z^B) for pixels between black and white: R_i = sum_j (x w - l w^+ - h w^-)_ij / sum_i (...) R_j.

    A pixel of value zero can be relevant, so relevance itself is kept in `found`, and the gradient is none.
    """

    black: Tensor
    white: Tensor
    found: list[Tensor]

    def __call__(self, call: Call, gradient: Tensor) -> Gradients:
        """Keep the pixels' relevance; hand back zeros."""
        low, high = (limit.expand_as(call.inputs) for limit in (self.black, self.white))
        up, down = call.weight.clamp(min=0), call.weight.clamp(max=0)
        total = call.operation(call.inputs, call.weight) - call.operation(low, up) - call.operation(high, down)
        shares = gradient * _over(call.output, total)
        parts = call.inputs * call.back(call.weight, shares) - low * call.back(up, shares)
        self.found.append(parts - high * call.back(down, shares))
        return torch.zeros_like(call.inputs), None


class Propagated(Function):
    """operation(x, W) + b whose backward pass is a rule."""

    @staticmethod
    def forward(
        ctx: Any, inputs: Tensor, bias: Tensor | None, weight: Tensor, operation: Operation, rule: Rule
    ) -> Tensor:
        """Return y."""
        output = operation(inputs, weight)
        output = output if bias is None else output + bias
        ctx.call, ctx.rule = Call(operation, inputs.detach(), weight, bias, output.detach().clone()), rule
        return output

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        """Return the rule's gradients by x and b."""
        given, shares = ctx.rule(ctx.call, gradients[0])
        bias = ctx.call.bias
        return given, None if bias is None or shares is None else shares.sum_to_size(bias.shape), None, None, None


def _over(part: Tensor, whole: Tensor) -> Tensor:
    """part / whole, kept from zero in the direction of its sign."""
    smallest = _TINY * whole.abs().amax().clamp(min=1e-12)
    return part / (whole + torch.where(whole >= 0, smallest, -smallest))


def _quotient(part: Tensor, whole: Tensor, where: Tensor) -> Tensor:
    """part / whole, and 0 elsewhere."""
    return torch.where(where, part, 0) / torch.where(where, whole, 1)


def _signs(call: Call, gradient: Tensor) -> tuple[int, ...]:
    """Those of outputs that have relevance to hand back: behind a ReLU none is negative."""
    return tuple(sign for sign in (1, -1) if ((call.output * sign > 0) & (gradient != 0)).any())


def _both(call: Call, high: Tensor, low: Tensor) -> Tensor:
    """W x with `high` for positive inputs and `low` for negative ones."""
    total = call.operation(call.inputs.clamp(min=0), high)
    return total + call.operation(call.inputs.clamp(max=0), low) if (call.inputs < 0).any() else total


def _sorted_back(call: Call, high: Tensor, low: Tensor, shares: Tensor) -> Tensor:
    given = call.back(high, shares)
    if (call.inputs < 0).any():
        given = torch.where(call.inputs < 0, call.back(low, shares), given)
    return given
