"""Which batch normalisation learns: its statistics, its affine parameters, both or neither."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from finetuner.engine.backbones.network import Network
from finetuner.engine.strategies.plan import Phase


def enter_phase(network: Network, phase: Phase, mode: str) -> None:
    """Freeze and open blocks as the phase says; put batch norm into training or evaluation mode.

    In a frozen block nothing moves, statistics included. In an open one `mode` decides: train, frozen
    (statistics stay, affine parameters learn), or frozen-affine (both stay).
    """
    network.model.train()
    parameters = dict(network.model.named_parameters())
    for block, rate in zip(network.blocks, phase.rates, strict=True):
        for name in block.parameters:
            parameters[name].requires_grad_(rate is not None)
    settle_norms(network.model, mode)
    for name, module in network.model.named_modules():
        if _is_frozen(module, name):
            module.eval()


def settle_norms(model: nn.Module, mode: str) -> None:
    """Batch norm as `mode` says in a model that is in training mode, whatever else learns there."""
    for norm in _norms(model):
        _settle(norm, mode)


@contextmanager
def rests_for(images: int, model: nn.Module) -> Iterator[None]:
    """Within the block, batch norm takes its kept statistics where there is a single image.

    One image has no statistics of its own where its map has shrunk to one place, and poor ones elsewhere.
    """
    resting = [norm for norm in _norms(model) if norm.training] if images == 1 else []
    for norm in resting:
        norm.eval()
    try:
        yield
    finally:
        for norm in resting:
            norm.train()


def _settle(norm: _BatchNorm, mode: str) -> None:
    if mode == "frozen-affine":
        for parameter in norm.parameters(recurse=False):
            parameter.requires_grad_(False)
    if mode != "train" or not _learns(norm):
        norm.eval()


def _norms(model: nn.Module) -> Iterator[_BatchNorm]:
    return (module for module in model.modules() if isinstance(module, _BatchNorm))


def _learns(module: nn.Module) -> bool:
    return any(parameter.requires_grad for parameter in module.parameters())


def _is_frozen(module: nn.Module, name: str) -> bool:
    """A named part with parameters of which none learns: its dropout and drop-path rest as well."""
    return bool(name) and any(True for _ in module.parameters()) and not _learns(module)
