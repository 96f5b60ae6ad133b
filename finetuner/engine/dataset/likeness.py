"""Which images look alike, so that near-copies never stand on both sides of a split.

Each image gets a 256-bit difference hash (Krawetz, 2013): shrunk to 17 x 16 grey values, one bit tells whether a
value is brighter than its left neighbour. Re-encoded, resized or slightly toned copies differ in a few bits.
Hashes within `MAX_DISTANCE` bits are found without comparing all pairs: cut into `MAX_DISTANCE + 1` pieces, two
of them must agree in at least one whole piece (pigeonhole), so only images that share a piece are compared.
"""

import random
from collections import defaultdict

from PIL import Image

MAX_DISTANCE = 15
"""Bits of 256. Measured: of two unrelated photos never fewer than 42 differed; re-encoding, halving or brightening
a photo changed 2 to 7 (19 of 20 times at most 15), a shift by 1 % of its width about 15."""
MIN_TEXTURE = 96
"""An image with fewer neighbours that differ visibly is too flat to be told from others by this hash."""
VISIBLE_STEP = 3
CANDIDATES = 32
"""Compare with so many images at most per piece: keeps 60,000 look-alikes from costing all pairs."""

_SIDE = 16
_PIECES = MAX_DISTANCE + 1
_PIECE_BITS = _SIDE * _SIDE // _PIECES
# pieces take their bits from all over the image: of rows alone, a white margin would make thousands agree
_SHUFFLED = random.Random(0).sample(range(_SIDE * _SIDE), _SIDE * _SIDE)


def difference_hash(image: Image.Image) -> int | None:
    """The 256-bit hash of an RGB image; None when it is too flat for the hash to mean anything."""
    values = image.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.BOX).tobytes()
    steps = [values[i + 1] - values[i] for i in range(len(values) - 1) if i % (_SIDE + 1) != _SIDE]
    if sum(abs(step) >= VISIBLE_STEP for step in steps) < MIN_TEXTURE:
        return None
    return sum(1 << i for i, place in enumerate(_SHUFFLED) if steps[place] > 0)


class Groups:
    """Hands out a group for each image: that of the first earlier image with the same or nearly the same look.

    A group is named after its first image and everything in it resembles that one; chains of resemblance
    are not followed, or a whole class of similar drawings could collapse into one group.
    """

    def __init__(self) -> None:
        self._by_content: dict[str, str] = {}
        self._by_piece: defaultdict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)

    def place(self, content: str, look: int | None) -> str:
        """The group of an image with this SHA-256 and difference hash."""
        group = self._by_content.get(content) or self._similar(look) or content
        self._by_content[content] = group
        if group == content and look is not None:
            self._remember(look, group)
        return group

    def _similar(self, look: int | None) -> str | None:
        if look is None:
            return None
        for key in _pieces(look):
            for other, group in self._by_piece.get(key, ()):
                if (look ^ other).bit_count() <= MAX_DISTANCE:
                    return group
        return None

    def _remember(self, look: int, group: str) -> None:
        for key in _pieces(look):
            if len(known := self._by_piece[key]) < CANDIDATES:
                known.append((look, group))


def _pieces(look: int) -> list[tuple[int, int]]:
    mask = (1 << _PIECE_BITS) - 1
    return [(index, look >> (index * _PIECE_BITS) & mask) for index in range(_PIECES)]
