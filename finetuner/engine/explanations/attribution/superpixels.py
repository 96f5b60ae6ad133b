"""SLIC superpixels (Achanta et al., SLIC Superpixels Compared to State-of-the-art Methods, 2012)."""

import math

import torch
from torch import Tensor
from torch.nn import functional

_ROUNDS = 10
_COMPACT = 1.0
"""How much a distance of one grid step weighs against a deviation of one in colour."""
_NO_PLACE = -1


def superpixels(image: Tensor, count: int) -> Tensor:
    """Cut an image 3,S,S into about `count` areas of like colour: S,S, numbered from 0 without gaps.

    k-means over colour and place from the cells of a grid; each pixel may join the nine cells around it only.
    """
    side, cells = image.shape[-1], max(min(math.isqrt(count), image.shape[-1]), 1)
    colour = (image - image.mean(dim=(1, 2), keepdim=True)) / image.std().clamp(min=1e-6)
    places = torch.stack(torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")).float()
    points = torch.cat([colour, places * (_COMPACT * cells / side)]).flatten(1).T
    home = (places.flatten(1) * cells / side).long()
    near = _neighbours(home, cells)
    labels = home[0] * cells + home[1]
    for _ in range(_ROUNDS):
        centres = _means(points, labels, cells * cells)
        distances = (points[:, None] - centres[near.clamp(min=0)]).square().sum(dim=2)
        nearest = distances.masked_fill(near == _NO_PLACE, math.inf).argmin(dim=1, keepdim=True)
        labels = near.gather(1, nearest)[:, 0]
    return labels.unique(return_inverse=True)[1].view(side, side)


def _neighbours(home: Tensor, cells: int) -> Tensor:
    """The numbers of the nine cells around each pixel's own, -1 where there is none: P,9."""
    steps = torch.tensor([-1, 0, 1])
    rows, columns = home[0][:, None] + steps, home[1][:, None] + steps
    numbers = rows[:, :, None] * cells + columns[:, None]
    inside = ((rows >= 0) & (rows < cells))[:, :, None] & ((columns >= 0) & (columns < cells))[:, None]
    return torch.where(inside, numbers, _NO_PLACE).flatten(1)


def _means(points: Tensor, labels: Tensor, count: int) -> Tensor:
    """The mean of each label's points, K,5; far away where a label has none, so that nobody joins it."""
    members = functional.one_hot(labels, count).T.float()
    sizes = members.sum(dim=1, keepdim=True)
    return torch.where(sizes > 0, members @ points / sizes.clamp(min=1), 1e6)
