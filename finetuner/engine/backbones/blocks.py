"""Blocks: the parameters of a network cut into named slices by depth. Strategies thaw block after block."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn

_STEM, _HEAD = "stem", "head"


@dataclass(frozen=True)
class Block:
    """A slice of the network: its readable name, and the full names of its parameters."""

    name: str
    parameters: tuple[str, ...]


def cut(model: nn.Module, groups: Sequence[Sequence[str]], head_name: str) -> tuple[Block, ...]:
    """Blocks from stem to head; every parameter is in exactly one, and the head is alone in the last.

    `groups`: parameter names in order of depth. A group without any matrix (a lone normalisation) joins
    the block before it, since thawing it alone would be a phase in which hardly anything learns.
    """
    head = [name for name, _ in model.named_parameters() if name.startswith(f"{head_name}.")]
    body = [[name for name in group if name not in head] for group in groups]
    slices = [*_without_lone_norms(model, [group for group in body if group]), head]
    return tuple(Block(name, tuple(group)) for name, group in zip(_readable(slices), slices, strict=True))


def _without_lone_norms(model: nn.Module, groups: list[list[str]]) -> list[list[str]]:
    dimensions = {name: parameter.ndim for name, parameter in model.named_parameters()}
    kept: list[list[str]] = []
    for group in groups:
        if kept and all(dimensions[name] < 2 for name in group):
            kept[-1] = kept[-1] + group
        else:
            kept.append(group)
    return kept


def _readable(groups: Sequence[Sequence[str]]) -> list[str]:
    """`stem`, then for each group the shortest module path that no other group shares, then `head`.

    Some networks call a part of their body `head` (SelecSLS): its path is then one step longer.
    """
    owners: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for path in (path for parameter in group for path in _paths(parameter)):
            owners.setdefault(path, set()).add(number)
    inner = [_own_path(group[0], owners) for group in groups[1:-1]]
    return [_STEM, *inner, _HEAD]


def _own_path(parameter: str, owners: dict[str, set[int]]) -> str:
    own = (path for path in _paths(parameter) if len(owners[path]) == 1 and path not in (_STEM, _HEAD))
    return next(own, parameter)


def _paths(parameter: str) -> list[str]:
    """`a.b.weight` -> `a`, `a.b`, `a.b.weight`."""
    parts = parameter.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
