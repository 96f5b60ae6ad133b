"""Feature maps N,C,h,w, channels-last maps N,h,w,C and tokens N,T,C: seen as one shape."""

import math
from dataclasses import dataclass

from torch import Tensor

from finetuner.engine.errors import FinetunerError


@dataclass(frozen=True)
class Grid:
    """`prefix` leading tokens (class, registers) stand for no place; the rest are `side` x `side`."""

    side: int
    prefix: int


def token_grid(tokens: int) -> Grid:
    """How T tokens of a square image lie: the largest square, what is left over comes first."""
    side = math.isqrt(tokens)
    return Grid(side, tokens - side * side)


def is_spatial(output: Tensor) -> bool:
    """Whether an output has places: more than one in each direction."""
    if output.ndim == 4:
        height, width = _map_sizes(output)
        return height > 1 and width > 1
    return output.ndim == 3 and token_grid(output.shape[1]).side > 1


def to_maps(values: Tensor, layer: str) -> Tensor:
    """An output, or its gradient, as N,C,h,w. Raises FinetunerError when it has no places."""
    if not is_spatial(values):
        raise FinetunerError(
            f"The layer {layer} gives no feature map: its output is {tuple(values.shape)}.", "Choose an earlier layer."
        )
    if values.ndim == 3:
        grid = token_grid(values.shape[1])
        return values[:, grid.prefix :].transpose(1, 2).unflatten(2, (grid.side, grid.side))
    return values.permute(0, 3, 1, 2) if _is_channels_last(values) else values


def _map_sizes(values: Tensor) -> tuple[int, int]:
    first = 1 if _is_channels_last(values) else 2
    return values.shape[first], values.shape[first + 1]


def _is_channels_last(values: Tensor) -> bool:
    """Images are square here, so the two equal axes are the places; where all three agree, channels come first."""
    _, first, second, third = values.shape
    return first == second and second != third
