"""How a network's forward and backward passes run: in which precision, and on a CPU by which shortcuts."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import nn

from finetuner.engine.backbones.followers import Followers, followers
from finetuner.engine.backbones.network import Network
from finetuner.engine.training.folds import Folds
from finetuner.engine.training.shortcuts import Shortcuts

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Passes:
    """Where the passes of one network run, and in which precision. `known`: its followers, if they are known."""

    def __init__(
        self,
        network: Network,
        device: torch.device,
        precision: str,
        known: Mapping[nn.Parameter, Followers] | None = None,
    ) -> None:
        self._device, self._precision, self._folds = device, precision, Folds()
        on_cpu = device.type == "cpu"
        self.followers = known if known is not None else followers(network) if on_cpu else {}

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
        return Shortcuts(self.followers, looks, self._folds) if self._device.type == "cpu" else nullcontext()


def autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """The context in which forward passes of this precision run."""
    if precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, dtype=_TYPES[precision])
