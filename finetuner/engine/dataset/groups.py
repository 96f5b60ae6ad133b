"""Groups of images that look alike, found without comparing all pairs.

A hash is cut into `MAX_DISTANCE + 1` pieces: two hashes within `MAX_DISTANCE` bits must agree in at least one whole
piece (pigeonhole), so only images that share a piece are compared, dozens at a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from finetuner.engine.dataset.likeness import BITS, MAX_DISTANCE

CANDIDATES = 32
"""Compare with so many images at most per piece: keeps 60,000 look-alikes from costing all pairs."""
BLOCK = 64
"""So many images are compared together; the groups are those of one image after the other."""

_PIECES = MAX_DISTANCE + 1
_PIECE_BITS = BITS // _PIECES
_STARTS = np.arange(_PIECES) << _PIECE_BITS
_NOBODY = np.iinfo(np.int32).max


class Groups:
    """Hands out a group for each image: that of the first earlier image with the same or nearly the same look.

    A group is named after its first image, its head, and everything in it resembles that one; chains of resemblance
    are not followed, or a whole class of similar drawings could collapse into one group.
    """

    def __init__(self) -> None:
        self._by_content: dict[str, str] = {}
        self._heads = _Heads()

    def place(self, images: Iterable[tuple[str, int | None]]) -> list[str]:
        """The groups of images with these SHA-256 and difference hashes (None: too flat), in their order."""
        rest, groups = iter(images), list[str]()
        while block := list(islice(rest, BLOCK)):
            groups += self._placed(block)
        return groups

    def _placed(self, block: Sequence[tuple[str, int | None]]) -> list[str]:
        looks = {content: look for content, look in block if look is not None and content not in self._by_content}
        alike = _Alike(self._heads, looks)
        for content, _ in block:
            if content not in self._by_content:
                self._by_content[content] = alike.group(content) if content in looks else content
        return [self._by_content[content] for content, _ in block]


class _Heads:
    """The heads of all groups, found by the pieces of their hashes.

    Per piece and value there is a chain: the newest head that has it, and for each head the one before. Chains
    are kept short by not entering more heads. Takes 5 MB, and 96 bytes a head.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._hashes = np.empty((BLOCK, BITS // 64), np.uint64)
        self._before = np.empty((BLOCK, _PIECES), np.int32)
        self._newest = np.full(_PIECES << _PIECE_BITS, -1, np.int32)
        self._length = np.zeros(_PIECES << _PIECE_BITS, np.uint8)

    def add(self, name: str, hash: np.ndarray, chains: np.ndarray) -> np.ndarray:
        """Enter a head; returns which of its chains have taken it, a boolean for each piece."""
        number = len(self.names)
        if number == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.empty_like(self._hashes)])
            self._before = np.concatenate([self._before, np.empty_like(self._before)])
        self.names.append(name)
        self._hashes[number], self._before[number] = hash, self._newest[chains]
        taken: np.ndarray = self._length[chains] < CANDIDATES
        self._newest[chains[taken]] = number
        self._length[chains[taken]] += 1
        return taken

    def nearest(self, hashes: np.ndarray, chains: np.ndarray) -> np.ndarray:
        """For each hash the number of the first head that is near, `_NOBODY` where there is none."""
        found = np.full(len(hashes), _NOBODY)
        row, piece = np.nonzero(self._newest[chains] >= 0)
        head = self._newest[chains[row, piece]]
        while len(head):
            near = _distance(self._hashes[head], hashes[row]) <= MAX_DISTANCE
            np.minimum.at(found, row[near], head[near])
            head = self._before[head, piece]
            row, piece, head = row[head >= 0], piece[head >= 0], head[head >= 0]
        return found


class _Alike:
    """What the images of one block resemble: heads of earlier blocks, or each other."""

    def __init__(self, heads: _Heads, looks: dict[str, int]) -> None:
        self._heads = heads
        self._rows = {content: row for row, content in enumerate(looks)}
        packed = b"".join(look.to_bytes(BITS // 8, "little") for look in looks.values())
        self._hashes = np.frombuffer(packed, "<u8").reshape(-1, BITS // 64)
        self._chains = _STARTS + np.frombuffer(packed, "<u2").reshape(-1, _PIECES)
        self._earlier = heads.nearest(self._hashes, self._chains)
        self._near: defaultdict[int, list[int]] = defaultdict(list)
        for row, other in np.argwhere(np.tril(_distance(self._hashes[:, None], self._hashes) <= MAX_DISTANCE, -1)):
            self._near[row].append(other)
        self._begun: dict[int, tuple[int, np.ndarray]] = {}

    def group(self, content: str) -> str:
        """The group it joins, or, named after itself, begins. Ask for each in turn."""
        row = self._rows[content]
        head = min(self._earlier[row], *(self._head(row, other) for other in self._near.get(row, ())), _NOBODY)
        if head != _NOBODY:
            return self._heads.names[head]
        self._begun[row] = (
            len(self._heads.names),
            self._heads.add(content, self._hashes[row], self._chains[row]),
        )
        return content

    def _head(self, row: int, other: int) -> int:
        """The number of `other` if it has begun a group in a chain that `row` goes through."""
        number, taken = self._begun.get(other, (_NOBODY, np.zeros(_PIECES, bool)))
        return number if (taken & (self._chains[row] == self._chains[other])).any() else _NOBODY


def _distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Differing bits between hashes along the last axis."""
    return np.bitwise_count(one ^ other).sum(-1, dtype=np.int32)
