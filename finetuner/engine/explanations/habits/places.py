"""Where things are in a photo, told without the network: the border, and what is likely background.

There are no masks of the subject. What lies apart from the frame in colour (Wei et al., Geodesic Saliency Using
Background Priors, 2012) and near the middle, as subjects are, is taken for it: always the same share of the image, so
that every image has the same odds, and never a part of the border.
"""

import torch
from torch import Tensor
from torch.nn import functional

CELLS = 32
"""An image is divided into so many rows and columns."""
RING = 4
"""The width of the border in cells: an eighth of the side."""
SUBJECT = 0.4
"""The share of an image that is taken for its subject."""
PLACES = ("border", "background")
_SPREAD = 1 / 3  # of subjects about the middle, in sides
_FAINT = 0.1  # what the middle counts where no colour stands out
_STEPS = ((0, 1), (0, -1), (1, 0), (-1, 0))


def border() -> Tensor:
    """The outer ring, CELLS,CELLS of bool."""
    inside = torch.zeros(CELLS, CELLS, dtype=torch.bool)
    inside[RING:-RING, RING:-RING] = True
    return ~inside


def background(shown: Tensor) -> Tensor:
    """What is likely not the subject of an image S,S,3 of values from 0 to 1: CELLS,CELLS of bool."""
    planes = shown.permute(2, 0, 1)[None]
    cells = functional.interpolate(planes, size=(CELLS, CELLS), mode="bilinear", antialias=True)[0]
    apart = _from_the_frame(cells)
    score = (apart / apart.max().clamp(min=1e-6) + _FAINT) * _middle() * ~border()
    order = score.flatten().argsort(descending=True, stable=True)
    likely = torch.ones(CELLS * CELLS, dtype=torch.bool)
    likely[order[: round(SUBJECT * CELLS * CELLS)]] = False
    return likely.view(CELLS, CELLS)


def places(shown: Tensor) -> dict[str, Tensor]:
    """Every place by its name."""
    return dict(zip(PLACES, (border(), background(shown)), strict=True))


def fine(place: Tensor, side: int) -> Tensor:
    """A place for an image of `side` pixels: side,side of bool."""
    return functional.interpolate(place[None, None].float(), size=(side, side), mode="nearest")[0, 0] > 0


def coarse(heat: Tensor) -> Tensor:
    """A map h,w at the resolution of places; only what speaks for the class."""
    wide = functional.interpolate(heat.float().relu()[None, None], size=(CELLS, CELLS), mode="bilinear", antialias=True)
    return wide[0, 0]


def _from_the_frame(cells: Tensor) -> Tensor:
    """How much colour changes at least on any way from outside to each cell: of 3,CELLS,CELLS to CELLS,CELLS.

    Changes as small as the usual one between neighbours count nothing, so that grass is no fence.
    """
    costs = [_change(cells, step) for step in _STEPS]
    usual = torch.stack(costs).nanmedian()
    costs = [(cost - usual).clamp(min=0).nan_to_num(nan=0.0) for cost in costs]
    apart = torch.full((CELLS, CELLS), torch.inf)
    while True:
        nearer = torch.stack([_moved(apart, step, 0.0) + cost for step, cost in zip(_STEPS, costs, strict=True)])
        found = torch.minimum(apart, nearer.amin(dim=0))
        if torch.equal(found, apart):
            return apart
        apart = found


def _change(cells: Tensor, step: tuple[int, int]) -> Tensor:
    """The distance in colour between each cell and its neighbour; NaN where that is outside."""
    neighbours = torch.stack([_moved(plane, step, torch.nan) for plane in cells])
    return torch.linalg.vector_norm(cells - neighbours, dim=0)


def _moved(plane: Tensor, step: tuple[int, int], outside: float) -> Tensor:
    """The plane's neighbours in one direction."""
    padded = functional.pad(plane, (1, 1, 1, 1), value=outside)
    return padded[1 + step[0] : CELLS + 1 + step[0], 1 + step[1] : CELLS + 1 + step[1]]


def _middle() -> Tensor:
    places = (torch.arange(CELLS) + 0.5) / CELLS - 0.5
    return torch.exp(-(places[:, None].square() + places.square()) / (2 * _SPREAD**2))
