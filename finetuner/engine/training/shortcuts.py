"""On a CPU: a resting batch norm is part of the convolution before it, and so is the activation behind it.

Slow depthwise convolutions take the quick way. The network itself stays as it is: its calls are met on their way.
"""

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from finetuner.engine.backbones.followers import ACTIVATIONS, Followers
from finetuner.engine.training.convolving import convolved, fuses
from finetuner.engine.training.folds import Folds, folded


class Shortcuts(TorchFunctionMode):
    """Within the block. `looks`: the whole network runs and nothing learns; `folds` are kept from block to block."""

    def __init__(self, followers: Mapping[nn.Parameter, Followers], looks: bool, folds: Folds) -> None:
        super().__init__()
        self._followers = followers
        self._fold = folds.terms if looks else folded
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
            return convolved(images, weight, bias, None, *geometry)
        terms = self._fold(weight, bias, after.norm)
        activation = after.activation if fuses(after.activation, images, *terms) else None
        answer = convolved(images, *terms, activation, *geometry)
        if activation:
            self._activated[id(answer)] = answer
        self._normed[id(answer)] = answer
        return answer
