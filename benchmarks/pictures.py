"""Pictures by the thousand, each with a look of its own, at the price of copying bytes.

A few are drawn and encoded with a restart marker after every row of blocks. What stands between two markers of a JPEG
depends on nothing else, so rows of several pictures of one size make another picture; only its markers are numbered
anew. A comment in each file counts them, so that no two have one content. Of 64 pixels, four rows, many look alike.
"""

import colorsys
import io
import random
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZES = {"64 × 64": (64, 64), "256 × 256": (256, 256), "0.3 MP": (640, 480), "2 MP": (1632, 1224)}
"""Width and height of a file in pixels, by the name in a table."""

_HUES = 20
_DRAWN = 5  # of each hue
_BANDS = 16  # of a picture, each from another drawing: what the scan's hash tells pictures apart by
_QUALITY = 88
_GRAIN = 2.0  # grey values; a file of 2 megapixels takes 0.24 MB, about as a phone's with much sky
_MARKER = re.compile(b"\xff[\xd0-\xd7]")


class Mosaics:
    """JPEG files of one size in bytes, each from rows of the drawings that this makes."""

    def __init__(self, width: int, height: int) -> None:
        self._dice = np.random.default_rng(0)
        self._grain = self._dice.normal(0, _GRAIN, (height, width, 1))
        drawn = [[self._encoded(width, height, hue) for _ in range(_DRAWN)] for hue in range(_HUES)]
        self._head = drawn[0][0][0]
        self._rows = [[rows for _, rows in pictures] for pictures in drawn]

    def picture(self, number: int, label: int) -> bytes:
        """Picture `number`; its label shows in the hues of its upper and its lower half."""
        dice, count = random.Random(number), len(self._rows[0][0])
        chosen = [dice.randrange(_DRAWN) for _ in range(_BANDS)]
        hues = label % _HUES, (label + label // _HUES) % _HUES
        rows = (self._rows[hues[2 * row // count]][chosen[_BANDS * row // count]][row] for row in range(count))
        return b"".join((_commented(self._head, f"picture {number}"), _joined(rows), b"\xff\xd9"))

    def _encoded(self, width: int, height: int, hue: int) -> tuple[bytes, list[bytes]]:
        """A drawing's bytes up to its pixels, and those of each row of blocks."""
        buffer = io.BytesIO()
        drawing = Image.fromarray(self._drawn(width, height, hue))
        drawing.save(buffer, "JPEG", quality=_QUALITY, restart_marker_rows=1)
        return _parted(buffer.getvalue())

    def _drawn(self, width: int, height: int, hue: int) -> NDArray[np.uint8]:
        """H,W,3: soft blotches around a colour, under grain."""
        colour = 255 * np.array(colorsys.hsv_to_rgb(hue / _HUES, 0.6, 0.6))
        blotches = np.clip(colour + self._dice.normal(0, 45, (18, 24, 3)), 0, 255).astype(np.uint8)
        soft = np.asarray(Image.fromarray(blotches).resize((width, height), Image.Resampling.BICUBIC), np.float32)
        return np.clip(soft + self._grain, 0, 255).astype(np.uint8)


def draw_folder(folder: Path, count: int, classes: int, size: str) -> Path:
    """Write `count` pictures of a size of `SIZES` into a folder for each class."""
    mosaics = Mosaics(*SIZES[size])
    for label in range(classes):
        (folder / f"class-{label:03}").mkdir(parents=True)
    for number in range(count):
        label = number % classes
        (folder / f"class-{label:03}" / f"{number:06}.jpg").write_bytes(mosaics.picture(number, label))
    return folder


def _parted(jpeg: bytes) -> tuple[bytes, list[bytes]]:
    """The head with all tables, and what stands between restart markers; the end marker is dropped."""
    scan = jpeg.index(b"\xff\xda")
    first = scan + 2 + int.from_bytes(jpeg[scan + 2 : scan + 4], "big")
    return jpeg[:first], _MARKER.split(jpeg[first:-2])


def _joined(rows: Iterable[bytes]) -> bytes:
    """One behind the other, a numbered marker between them."""
    first, *others = rows
    return b"".join([first, *(bytes((0xFF, 0xD0 + number % 8)) + row for number, row in enumerate(others))])


def _commented(head: bytes, comment: str) -> bytes:
    """With a comment behind the first marker."""
    text = comment.encode()
    return head[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + head[2:]
