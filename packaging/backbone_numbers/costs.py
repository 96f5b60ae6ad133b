"""What a network costs to run and to train, counted on the meta device: no memory, no weights, no arithmetic."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

# batch norm over a single value refuses to train
_BATCH = 2


@dataclass(frozen=True)
class Costs:
    """For one image: billions of multiply-adds of a forward pass, MB of activations kept for the backward pass."""

    gmacs: float
    activation_mb: float


def costs(model: nn.Module, size: int) -> Costs:
    """Count a training forward pass over images of `size` pixels; `model` lies on the meta device.

    GMACs: half the floating-point operations of convolutions, matrix products and attention, as torch's
    FlopCounterMode counts them (normalisation and activation functions are not counted; nor are they by fvcore).
    Activations: every storage in fp32 that autograd saves, once, parameters and buffers left out.
    """
    kept = _Kept(model)
    images = torch.empty(_BATCH, 3, size, size, device="meta")
    with FlopCounterMode(display=False) as counter, saved_tensors_hooks(kept.keep, lambda tensor: tensor):
        model.train()(images)
    return Costs(counter.get_total_flops() / 2e9 / _BATCH, kept.bytes / 1e6 / _BATCH)


class _Kept:
    """The storages that autograd saved, the model's own left out."""

    def __init__(self, model: nn.Module) -> None:
        self._own = {_identity(tensor) for tensor in (*model.parameters(), *model.buffers())}
        # holding the tensors keeps their identities from being given away again
        self._saved: dict[int, Tensor] = {}

    def keep(self, tensor: Tensor) -> Tensor:
        """The hook that is called for each saved tensor."""
        if _identity(tensor) not in self._own:
            self._saved[_identity(tensor)] = tensor
        return tensor

    @property
    def bytes(self) -> int:
        """Of all storages together."""
        return sum(tensor.untyped_storage().nbytes() for tensor in self._saved.values())


def _identity(tensor: Tensor) -> int:
    return tensor.untyped_storage()._cdata
