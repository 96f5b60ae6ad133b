"""Which images look alike, so that near-copies never stand on both sides of a split.

Each image gets a 256-bit difference hash (Krawetz, 2013): shrunk to 17 x 16 grey values, one bit tells whether a
value is brighter than its left neighbour. Re-encoded, resized or slightly toned copies differ in a few bits.
`groups` finds them.
"""

import random
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np

MAX_DISTANCE = 15
"""Bits of 256. Measured: of two unrelated photos never fewer than 42 differed; re-encoding, halving or brightening
a photo changed 2 to 7 (19 of 20 times at most 15), a shift by 1 % of its width about 15."""
MIN_TEXTURE = 96
"""An image with fewer neighbours that differ visibly is too flat to be told from others by this hash."""
VISIBLE_STEP = 3
BITS = 256

_SIDE = 16
# neighbouring bits come from all over the image: of rows alone, a white margin would make thousands agree
_SHUFFLED = random.Random(0).sample(range(BITS), BITS)


def shrunk(image: Image.Image) -> bytes:
    """What the hash is made of: the grey values of an RGB or grey image at 17 x 16, row by row."""
    grey = image if image.mode == "L" else image.convert("L")
    return grey.resize((_SIDE + 1, _SIDE), Image.Resampling.BOX).tobytes()


def difference_hashes(images: Sequence[bytes]) -> list[int | None]:
    """The 256-bit hashes of shrunk images; None for one too flat for the hash to mean anything."""
    import numpy as np

    values = np.frombuffer(b"".join(images), np.uint8).reshape(-1, _SIDE, _SIDE + 1).astype(np.int16)
    steps = (values[:, :, 1:] - values[:, :, :-1]).reshape(-1, BITS)
    textured = np.count_nonzero(np.abs(steps) >= VISIBLE_STEP, axis=1) >= MIN_TEXTURE
    bits = np.packbits(steps[:, _order()] > 0, axis=1, bitorder="little")
    return [
        int.from_bytes(row.tobytes(), "little") if enough else None for row, enough in zip(bits, textured, strict=True)
    ]


@cache
def _order() -> "np.ndarray":
    import numpy as np

    return np.array(_SHUFFLED)
