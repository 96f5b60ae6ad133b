"""What follows each convolution and takes nothing else: a batch norm, and an activation behind that.

Where a network rests, the three can run as one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from finetuner.engine.backbones.blocks import Block
from finetuner.engine.backbones.judging import judging
from finetuner.engine.backbones.network import Network

ACTIVATIONS = (functional.relu, functional.hardtanh, functional.hardswish, functional.silu)
"""The activations that are looked for."""
Activation = tuple[Callable[..., Tensor], tuple[float, ...]]
"""The function, and its limits: two for hardtanh, none for the others."""

_KNOWN: WeakKeyDictionary[nn.Module, tuple[tuple[Block, ...], Mapping[nn.Parameter, "Followers"]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Followers:
    """The batch norm behind a convolution, and the activation behind that."""

    norm: _BatchNorm
    activation: Activation | None = None


def followers(network: Network) -> Mapping[nn.Parameter, Followers]:
    """The followers of each convolution, by its weight; found once for a network, by watching one image pass.

    Both are of one block, so that a line between blocks never parts them. A convolution that runs twice, or whose
    answer something else looks at as well, has none.
    """
    known = _KNOWN.get(network.model)
    if known is None or known[0] != network.blocks:
        known = _KNOWN[network.model] = network.blocks, _found(network)
    return known[1]


def _found(network: Network) -> Mapping[nn.Parameter, Followers]:
    norms = {module.running_mean: module for module in network.model.modules() if isinstance(module, _BatchNorm)}
    if not norms:
        return {}
    device, size = next(network.model.parameters()).device, network.preprocessing.input_size
    with judging(network.model), torch.no_grad(), _Watching() as seen:
        network.model(torch.zeros(1, 3, size, size, device=device))
    blocks = _blocks(network)
    found = {weight: Followers(norms[mean], activation) for weight, mean, activation in seen.chains() if mean in norms}
    return {w: each for w, each in found.items() if each.norm.affine and blocks[w] == blocks[each.norm.weight]}


class _Watching(TorchFunctionMode):
    """Notes what convolutions and batch norms answer, and who takes it. Tensors are held: each keeps its number."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[int, Tensor] = {}
        self.takers: Counter[int] = Counter()
        self.weights: dict[int, nn.Parameter] = {}
        self.normed: dict[int, tuple[Tensor, int]] = {}
        self.activated: dict[int, tuple[Activation, bool]] = {}

    def chains(self) -> Iterable[tuple[nn.Parameter, Tensor, Activation | None]]:
        """Each weight used once, the running mean of the only taker of its answer, and the activation after that."""
        uses = Counter(self.weights.values())
        for number, weight in self.weights.items():
            if number in self.normed and uses[weight] == self.takers[number] == 1:
                mean, answer = self.normed[number]
                yield weight, mean, self._activation(answer)

    def _activation(self, normed: int) -> Activation | None:
        """Of a batch norm's answer. One that works in place leaves nothing for others; another must be alone."""
        activation, in_place = self.activated.get(normed, (None, False))
        return activation if in_place or self.takers[normed] == 1 else None

    def __torch_function__(self, func: Callable[..., Any], types: object, args: Any = (), kwargs: Any = None) -> Any:
        answer = func(*args, **(kwargs or {}))
        if isinstance(answer, Tensor):  # else it only asked for a shape
            self._note(func, args, kwargs or {}, answer)
            self.takers.update(id(part) for part in tree_leaves((args, kwargs)) if id(part) in self.held)
        return answer

    def _note(self, func: Callable[..., Any], args: Any, named: Mapping[str, Any], answer: Tensor) -> None:
        if func is functional.conv2d and isinstance(args[1], nn.Parameter):
            self.weights[id(answer)] = args[1]
            self.held[id(answer)] = answer
        elif func is functional.batch_norm and id(args[0]) in self.weights:
            self.normed[id(args[0])] = args[1], id(answer)
            self.held[id(answer)] = answer
        elif func in ACTIVATIONS and id(args[0]) in self.held and not self.takers[id(args[0])]:
            limits = tuple(float(named[name]) for name in ("min_val", "max_val") if name in named)
            self.activated[id(args[0])] = (func, limits), answer is args[0]


def _blocks(network: Network) -> dict[nn.Parameter, str]:
    parameters = dict(network.model.named_parameters())
    return {parameters[name]: block.name for block in network.blocks for name in block.parameters}
