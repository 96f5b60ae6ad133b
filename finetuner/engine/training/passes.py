"""How a network's forward and backward passes run: in which precision, and on a CPU by which shortcuts."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch

from finetuner.engine.backbones.followers import followers
from finetuner.engine.backbones.network import Network
from finetuner.engine.training.folds import Folds
from finetuner.engine.training.shortcuts import Shortcuts

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Passes:
    """Where the passes of one network run, and in which precision."""

    def __init__(self, network: Network, device: torch.device, precision: str, shortcuts: bool = True) -> None:
        self._device, self._precision, self._folds = device, precision, Folds()
        self._shortens = shortcuts and device.type == "cpu"
        self._followers = followers(network) if self._shortens else {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Within the block the network's forward pass is this run's; its backward pass may follow later."""
        with autocast(self._precision, self._device), self._shortcuts(looks=False):
            yield

    @contextmanager
    def looking(self) -> Iterator[None]:
        """As `running`, where the whole network runs and nothing learns."""
        with torch.no_grad(), autocast(self._precision, self._device), self._shortcuts(looks=True):
            yield

    def _shortcuts(self, looks: bool) -> AbstractContextManager[object]:
        return Shortcuts(self._followers, looks, self._folds) if self._shortens else nullcontext()


def autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """The context in which forward passes of this precision run."""
    if precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, dtype=_TYPES[precision])
