"""Which convolution feeds which batch norm and nothing else: where the two can run as one."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from finetuner.engine.backbones.judging import judging
from finetuner.engine.backbones.network import Network

Pairs = Mapping[nn.Parameter, _BatchNorm]


def norm_pairs(network: Network) -> Pairs:
    """The batch norm behind each convolution's weight, found by watching one image pass.

    Both are of one block, so that a line between blocks never parts them. A convolution that runs twice, or whose
    answer something else looks at as well, has no pair.
    """
    device, size = next(network.model.parameters()).device, network.preprocessing.input_size
    with judging(network.model), torch.no_grad(), _Watching() as seen:
        network.model(torch.zeros(1, 3, size, size, device=device))
    norms = {module.running_mean: module for module in network.model.modules() if isinstance(module, _BatchNorm)}
    blocks = _blocks(network)
    pairs = {weight: norms[mean] for weight, mean in seen.pairs() if mean in norms}
    return {weight: norm for weight, norm in pairs.items() if norm.affine and blocks[weight] == blocks[norm.weight]}


class _Watching(TorchFunctionMode):
    """Notes what the convolutions answer, and who takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[int, tuple[nn.Parameter, Tensor]] = {}
        self.normed: dict[int, Tensor] = {}
        self.takers: Counter[int] = Counter()

    def pairs(self) -> Iterable[tuple[nn.Parameter, Tensor]]:
        """Each weight that was used once, and the running mean of the only taker of its answer."""
        uses = Counter(weight for weight, _ in self.answers.values())
        for number, (weight, _) in self.answers.items():
            if number in self.normed and uses[weight] == self.takers[number] == 1:
                yield weight, self.normed[number]

    def __torch_function__(self, func: Callable[..., Any], types: object, args: Any = (), kwargs: Any = None) -> Any:
        answer = func(*args, **(kwargs or {}))
        if isinstance(answer, Tensor):  # else it only asked for a shape
            self.takers.update(id(part) for part in tree_leaves((args, kwargs)) if id(part) in self.answers)
            self._note(func, args, answer)
        return answer

    def _note(self, func: Callable[..., Any], args: tuple[Any, ...], answer: Tensor) -> None:
        if func is functional.conv2d and isinstance(args[1], nn.Parameter):
            self.answers[id(answer)] = args[1], answer  # held, so that nothing else gets its number
        elif func is functional.batch_norm and id(args[0]) in self.answers:
            self.normed[id(args[0])] = args[1]


def _blocks(network: Network) -> dict[nn.Parameter, str]:
    parameters = dict(network.model.named_parameters())
    return {parameters[name]: block.name for block in network.blocks for name in block.parameters}
