"""The optimiser: two parameter groups per block, since biases and normalisation do not decay."""

from collections.abc import Sequence

import torch
from torch import nn

from finetuner.engine.backbones.network import Network
from finetuner.engine.job import OptimisationPart


def build_optimiser(network: Network, part: OptimisationPart) -> torch.optim.Optimizer:
    """AdamW (Loshchilov and Hutter, 2019) or SGD with Nesterov momentum over all blocks; rates are set later.

    Both update all weights of a group in one call; the network must be on its device already.
    """
    parameters = dict(network.model.named_parameters())
    blocks = [[parameters[name] for name in block.parameters] for block in network.blocks]
    groups = [group for index, members in enumerate(blocks) for group in _groups(members, index, part.weight_decay)]
    if part.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=0.0, momentum=part.momentum, nesterov=part.momentum > 0, fused=True)
    return torch.optim.AdamW(groups, lr=0.0, betas=(part.momentum, 0.999), fused=True)


def set_rates(optimiser: torch.optim.Optimizer, rates: Sequence[float | None]) -> None:
    """Give each block its learning rate for the next step; a frozen block's does not matter."""
    for group in optimiser.param_groups:
        group["lr"] = rates[group["block"]] or 0.0


def _groups(members: Sequence[nn.Parameter], index: int, weight_decay: float) -> list[dict[str, object]]:
    decaying = [parameter for parameter in members if parameter.ndim > 1]
    others = [parameter for parameter in members if parameter.ndim <= 1]
    return [
        {"params": chosen, "weight_decay": decay, "block": index}
        for chosen, decay in ((decaying, weight_decay), (others, 0.0))
        if chosen
    ]
