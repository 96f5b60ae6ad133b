"""Which layer to look at: the last one that still knows where things are.

Told from one forward pass rather than from a list of names, so that it holds for every family:
convolutional networks and others that end in a map (Swin, MambaOut, PVT): the last map before pooling;
transformers whose class token gathers the answer: the normalisation in front of the last attention, since behind
it the other tokens no longer influence the answer; other token networks (Mixer, LeViT): the last tokens.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.layout import is_spatial, to_maps, token_grid

_BEFORE_ATTENTION = ("norm1", "ln_1", "norm_1", "norm_out", "layernorm_before")


@dataclass(frozen=True)
class Step:
    """A module that gave an output with places, `side` in each direction, in the order of the forward pass."""

    name: str
    tokens: int | None
    side: int


def target_layer(model: nn.Module, images: Tensor) -> str:
    """The name of the layer for normalised `images` N,3,S,S. Raises FinetunerError when no layer has places."""
    steps = spatial_steps(model, images)
    if not steps:
        raise FinetunerError("No layer of this network has a feature map larger than one place.", "Use larger images.")
    last = steps[-1]
    if last.tokens is None or token_grid(last.tokens).prefix == 0:
        return last.name
    before = [step for step in steps if step.tokens and step.name.rpartition(".")[2] in _BEFORE_ATTENTION]
    return before[-1].name if before else last.name


def spatial_steps(model: nn.Module, images: Tensor) -> list[Step]:
    """Every module whose output has places, but those that only pass on or pool. Of several calls the last counts."""
    steps: dict[str, Step] = {}
    with _watched(model, steps), torch.no_grad():
        model(images)
    return list(steps.values())


@contextmanager
def _watched(model: nn.Module, steps: dict[str, Step]) -> Iterator[None]:
    def note(name: str, output: object) -> None:
        steps.pop(name, None)
        if isinstance(output, Tensor) and is_spatial(output):
            steps[name] = Step(name, output.shape[1] if output.ndim == 3 else None, to_maps(output, name).shape[-1])

    hooks = [
        module.register_forward_hook(lambda _module, _inputs, output, name=name: note(name, output))
        for name, module in model.named_modules()
        if name and not _passes_on(module)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _passes_on(module: nn.Module) -> bool:
    return isinstance(module, nn.Identity | nn.Dropout) or "Pool" in type(module).__name__
