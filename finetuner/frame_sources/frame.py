"""A frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frame:
    """`pixels`: uint8 H x W x 3, RGB. `name`: what to call it. `seconds`: since the source's start; 0 for a still."""

    pixels: NDArray[np.uint8]
    name: str
    seconds: float = 0.0
