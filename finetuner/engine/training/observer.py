"""Somebody who looks at the network while it learns, and leaves no trace in what it becomes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import nn

from finetuner.engine.backbones.network import Network
from finetuner.engine.events import Event
from finetuner.engine.training.setting import Setting

Observer = Callable[[Setting, Network, int], Iterator[Event]]
"""Called after each epoch (counted from 1) with the network that was just validated, on the run's device."""


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """Within the block the model judges rather than learns; then its modes and all random numbers are as before."""
    modes = [(module, module.training) for module in model.modules()]
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()
    with torch.random.fork_rng(devices):
        model.eval()
        try:
            yield
        finally:
            for module, mode in modes:
                module.training = mode
