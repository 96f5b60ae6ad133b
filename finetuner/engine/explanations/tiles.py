"""Small pictures side by side, on a dark ground."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
"""H,W,3."""
_GAP = 4
_GROUND = 24


def grid(pictures: Sequence[Picture], side: int, columns: int | None = None, sharp: bool = True) -> Picture:
    """Each as a square of `side` pixels, row by row; `columns` in a row, or as many as there are rows.

    `sharp` keeps the edges of single values; else they are resized smoothly.
    """
    across = columns or math.ceil(math.sqrt(len(pictures)))
    down = math.ceil(len(pictures) / across)
    step = side + _GAP
    sheet = np.full((down * step + _GAP, across * step + _GAP, 3), _GROUND, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = (place * step + _GAP for place in divmod(number, across))
        sheet[top : top + side, left : left + side] = _resized(picture, side, sharp)
    return sheet


def levels(values: NDArray[np.float32]) -> Picture:
    """Values from 0 to 1 of shape H,W,3 as levels."""
    return (values.clip(0, 1) * 255).round().astype(np.uint8)


def _resized(picture: Picture, side: int, sharp: bool) -> Picture:
    way = Image.Resampling.NEAREST if sharp else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(picture).resize((side, side), way))
