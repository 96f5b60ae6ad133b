"""A chain of convolutions with ReLUs between, read from its weights: the file's names tell the order and the rest.

Every VGG is such a chain, and the decoder of AdaIN. They are written as one sequence, in which only convolutions (and
batch norms) have weights; where the number of the next one is larger than usual, the size changes in between.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

_NUMBERED = re.compile(r"(?:(?P<prefix>.*)\.)?(?P<number>\d+)\.(?P<part>weight|bias|running_mean|running_var)")
_EPSILON = 1e-5
Parts = dict[str, Tensor]


@dataclass(frozen=True)
class Convolution:
    """A weight out,in,k,k and its bias; `resized`: the size changes in front of it."""

    weight: Tensor
    bias: Tensor
    resized: bool

    @property
    def side(self) -> int:
        """How many pixels wide it is."""
        return self.weight.shape[-1]


def read_stack(state: Mapping[str, Tensor], prefix: str) -> tuple[Convolution, ...]:
    """The convolutions called `prefix.NUMBER`, or NUMBER alone, in order; a batch norm is folded into its convolution.

    Empty where the names tell of none, or where one does not take what the one before it gives.
    """
    found = _numbered(state, prefix) or _numbered(state, "")
    numbers = [number for number, parts in found.items() if _is_convolution(parts)]
    wide = [number for number in numbers if found[number]["weight"].shape[-1] > 1]
    usual = min((later - earlier for earlier, later in pairwise(wide)), default=0)
    resized = {later for earlier, later in pairwise(wide) if later - earlier > usual}
    stack = tuple(_folded(found[number], found.get(number + 1, {}), number in resized) for number in numbers)
    return stack if stack and _fits(stack) else ()


def _numbered(state: Mapping[str, Tensor], prefix: str) -> dict[int, Parts]:
    """The tensors of each number, in order."""
    found: dict[int, Parts] = {}
    for name, tensor in state.items():
        match = _NUMBERED.fullmatch(name)
        if match and (match["prefix"] or "") == prefix:
            found.setdefault(int(match["number"]), {})[match["part"]] = tensor.float()
    return dict(sorted(found.items()))


def _is_convolution(parts: Parts) -> bool:
    weight = parts.get("weight")
    return weight is not None and weight.ndim == 4 and weight.shape[-1] == weight.shape[-2] in (1, 3)


def _folded(parts: Parts, norm: Parts, resized: bool) -> Convolution:
    weight, bias = parts["weight"], parts.get("bias", torch.zeros(len(parts["weight"])))
    if {"weight", "bias", "running_mean", "running_var"} <= set(norm):
        scale = norm["weight"] / (norm["running_var"] + _EPSILON).sqrt()
        weight, bias = weight * scale[:, None, None, None], (bias - norm["running_mean"]) * scale + norm["bias"]
    return Convolution(weight.contiguous(), bias.contiguous(), resized)


def _fits(stack: tuple[Convolution, ...]) -> bool:
    given = [len(layer.weight) for layer in stack]
    taken = [layer.weight.shape[1] for layer in stack]
    return given[:-1] == taken[1:] and all(layer.bias.shape == layer.weight.shape[:1] for layer in stack)
