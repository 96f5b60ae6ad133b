"""The head of a network: the linear map whose outputs are the logits, whatever modules it is made of."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.errors import FinetunerError

Part = nn.Linear | nn.Conv2d


class Head:
    """One Linear; or a 1x1 convolution on a map of one place; or several of them whose logits are averaged.

    Seen from outside it is always one linear map: `weight` C,F and `bias` C. Where several parts are averaged
    (CrossViT has one for each of its branches), the features are the parts' inputs side by side.
    """

    def __init__(self, module: nn.Module) -> None:
        self.parts: tuple[Part, ...] = tuple(part for part in module.modules() if isinstance(part, Part))

    @property
    def in_features(self) -> int:
        """F."""
        return sum(self._widths())

    @property
    def weight(self) -> Tensor:
        """C,F: the parameter itself for one Linear, a view of it for one convolution, otherwise a copy."""
        if len(self.parts) == 1:
            return _matrix(self.parts[0])
        return torch.cat([_matrix(part) for part in self.parts], 1) / len(self.parts)

    @property
    def bias(self) -> Tensor:
        """C: the parameter itself where there is one part, otherwise a copy."""
        biases = [_bias(part) for part in self.parts]
        return biases[0] if len(biases) == 1 else torch.stack(biases).mean(0)

    def __call__(self, features: Tensor) -> Tensor:
        """Logits N,C of features N,F."""
        return functional.linear(features, self.weight, self.bias)

    def parameters(self) -> Iterator[nn.Parameter]:
        """What is trained in it."""
        return (parameter for part in self.parts for parameter in part.parameters())

    def set(self, weight: Tensor, bias: Tensor) -> None:
        """Become the linear map of `weight` C,F and `bias` C."""
        shares = (weight * len(self.parts)).split(self._widths(), dim=1)
        with torch.no_grad():
            for part, share in zip(self.parts, shares, strict=True):
                _matrix(part).copy_(share)
                _bias(part).copy_(bias)

    @contextmanager
    def watched(self) -> Iterator[list[list[Tensor]]]:
        """Within the `with` block, what goes into each part is noted: one list for each, in order of its calls."""
        seen: list[list[Tensor]] = [[] for _ in self.parts]
        hooks = [
            part.register_forward_pre_hook(lambda _, arguments, into=into: into.append(arguments[0]))
            for part, into in zip(self.parts, seen, strict=True)
        ]
        try:
            yield seen
        finally:
            for hook in hooks:
                hook.remove()

    def _widths(self) -> list[int]:
        return [_matrix(part).shape[1] for part in self.parts]


def linear_head(model: nn.Module, classes: int, within: str = "") -> str:
    """The path of the last linear map to `classes` outputs, or of a list of such, searched in the submodule `within`.

    Raises FinetunerError when there is none (encoders that were published without a classifier).
    """
    root = model.get_submodule(within)
    if isinstance(root, nn.ModuleList) and len(root) and all(is_head(part, classes) for part in root):
        return within
    found = [path for path, module in root.named_modules() if is_head(module, classes)]
    if not found:
        raise FinetunerError(
            "This network does not end in a linear layer, so its head cannot be trained alone.",
            "Choose another backbone of the same family.",
        )
    return ".".join(part for part in (within, found[-1]) if part)


def is_head(module: nn.Module, classes: int) -> bool:
    """A linear map that gives one number per class."""
    if isinstance(module, nn.Conv2d):
        return module.out_channels == classes and module.groups == 1 and set(module.kernel_size) == {1}
    return isinstance(module, nn.Linear) and module.out_features == classes


def give_bias(model: nn.Module, head_name: str) -> None:
    """Add a bias of zero where the head has none, since a solved head has one."""
    head = model.get_submodule(head_name)
    if isinstance(head, Part) and head.bias is None:
        head.bias = nn.Parameter(head.weight.new_zeros(head.weight.shape[0]))


def path_of(model: nn.Module, module: nn.Module) -> str:
    """The dotted path of a submodule."""
    return next(path for path, candidate in model.named_modules() if candidate is module)


def _matrix(part: Part) -> Tensor:
    return part.weight if isinstance(part, nn.Linear) else part.weight.flatten(1)


def _bias(part: Part) -> Tensor:
    assert part.bias is not None, "sources give their heads a bias"
    return part.bias
