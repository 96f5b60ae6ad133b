"""A frame."""

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frame:
    """`pixels`: uint8 H x W x 3, RGB. `name`: what to call it. `seconds`: since the source's start; 0 for a still.

    `arrived`: when it came into the program, by `time.monotonic`.
    """

    pixels: NDArray[np.uint8]
    name: str
    seconds: float = 0.0
    arrived: float = field(default_factory=time.monotonic, compare=False)
