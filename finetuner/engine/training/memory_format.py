"""How weights lie in memory: channels last, the layout in which convolutions are fastest."""

import torch
from torch import nn


def channels_last(model: nn.Module) -> None:
    """Lay every weight of a 2-D convolution channels last, in place.

    torch's own `Module.to(memory_format=...)` fails on networks that also hold a 3-D convolution (lambda layers).
    """
    for parameter in model.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
