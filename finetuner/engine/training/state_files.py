"""Tensors that a checkpoint keeps, as files, and an optimiser's put back from them."""

from collections.abc import Mapping

import torch
from safetensors.torch import save
from torch import Tensor


def saved(tensors: Mapping[str, Tensor]) -> bytes:
    """Copies in plain layout: safetensors takes neither shared nor strided memory."""
    return save({name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()})


def flat(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimiser's tensors under flat names: parameter number, state name."""
    states = optimiser.state_dict()["state"]
    return {f"{index}.{name}": value for index, entry in states.items() for name, value in entry.items()}


def refill(optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put flat tensors back, in the memory layout of their parameters, so that sums round as before."""
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        index, name = key.split(".", 1)
        like = parameters[int(index)]
        if tensor.ndim and tensor.shape != like.shape:
            raise ValueError(f"the optimiser's {key} is another network's")
        fitting = torch.empty_like(like).copy_(tensor) if tensor.ndim else tensor
        state.setdefault(int(index), {})[name] = fitting
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
