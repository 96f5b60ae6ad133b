"""A network asked for its opinion while it is being trained: evaluation mode for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def judging(model: nn.Module) -> Iterator[None]:
    """Evaluation mode within the block, then every module as it was."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
