"""On a CPU: a resting batch norm is part of the convolution before it, and so is the activation where nothing learns.

Slow depthwise convolutions take the quick way. The network itself stays as it is: its calls are met on their way.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from finetuner.engine.backbones.followers import ACTIVATIONS, Activation, Followers
from finetuner.engine.training.depthwise import Depthwise, is_slow
from finetuner.engine.training.folds import Folds, folded

_FUSED = dict(zip(ACTIVATIONS, ("relu", "hardtanh", "hardswish", "swish"), strict=True))
"""What oneDNN calls them."""


class Shortcuts(TorchFunctionMode):
    """Within the block. `looks`: the whole network runs and nothing learns; `folds` are kept from block to block."""

    def __init__(self, followers: Mapping[nn.Parameter, Followers], looks: bool, folds: Folds) -> None:
        super().__init__()
        self._followers = followers
        self._fold = folds.terms if looks else folded
        self._fuses = looks and torch.backends.mkldnn.is_available()
        self._normed: dict[int, Tensor] = {}  # answers whose batch norm is done already
        self._activated: dict[int, Tensor] = {}

    def __torch_function__(self, func: Callable[..., Any], types: object, args: Any = (), kwargs: Any = None) -> Any:
        if func is functional.conv2d and len(args) == 7 and isinstance(args[4], tuple):
            return self._convolved(*args)
        if func is functional.batch_norm and id(args[0]) in self._normed:
            return self._normed.pop(id(args[0]))
        if func in ACTIVATIONS and id(args[0]) in self._activated:
            return self._activated.pop(id(args[0]))
        return func(*args, **(kwargs or {}))

    def _convolved(self, images: Tensor, weight: Tensor, bias: Tensor | None, *geometry: Any) -> Tensor:
        after = self._followers.get(weight) if isinstance(weight, nn.Parameter) else None
        if after is None or after.norm.training:
            return _convolution(images, weight, bias, *geometry)
        terms = self._fold(weight, bias, after.norm)
        if self._fuses and after.activation:
            answer = _fused(images, *terms, after.activation, *geometry)
            self._activated[id(answer)] = answer
        else:
            answer = _convolution(images, *terms, *geometry)
        self._normed[id(answer)] = answer
        return answer


def _convolution(images: Tensor, weight: Tensor, bias: Tensor | None, *geometry: Any) -> Tensor:
    stride, padding, dilation, groups = geometry
    if torch.is_autocast_enabled("cpu") and is_slow(images, weight, groups):
        answer: Tensor = Depthwise.apply(*_cast(images, weight, bias), stride, padding, dilation)
        return answer
    return functional.conv2d(images, weight, bias, *geometry)


def _fused(
    images: Tensor,
    weight: Tensor,
    bias: Tensor,
    activation: Activation,
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
) -> Tensor:
    """The activation of the convolution, in one call of oneDNN."""
    function, limits = activation
    terms = _cast(images, weight, bias) if torch.is_autocast_enabled("cpu") else (images, weight, bias)
    geometry = (padding, stride, dilation, groups)
    answer: Tensor = torch.ops.mkldnn._convolution_pointwise(*terms, *geometry, _FUSED[function], limits, "")
    return answer


def _cast(*terms: Tensor | None) -> tuple[Tensor | None, ...]:
    """What autocast would make of them."""
    kind = torch.get_autocast_dtype("cpu")
    return tuple(None if term is None else term.to(kind) for term in terms)
