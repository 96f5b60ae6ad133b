"""One file, looked at: what it is and what is odd about it, or the reason why it is no usable image.

Answers are plain tuples and strings: they cross the pipe from a reader's process and lie in the ledger as JSON.
"""

import hashlib
import os
from io import BytesIO
from typing import IO, Literal, NamedTuple

from finetuner.engine.dataset.decode import Decoded, UnreadableImage, decode_open, opened, read_header
from finetuner.engine.dataset.likeness import difference_hash

DECODED_SIDE = 128
"""Large enough for the look's hash. A JPEG decoded at 1/8 still reads every byte, so that cut ones are found."""
IN_MEMORY = 1 << 23
"""A file of at most so many bytes is read once, for its pixels and its sum; a larger one twice, piece by piece."""
SMALLEST_SIDE = 16
LONGEST_ASPECT = 16

Remark = Literal["suffix", "animated", "stretched", "extreme"]


class Facts(NamedTuple):
    """What a usable image is: its size in pixels, upright, and what the user may want to know about it.

    A `glance` leaves `content` (SHA-256) and what follows empty; `look` is the difference hash, None: too flat.
    """

    width: int
    height: int
    format: str
    content: str = ""
    look: int | None = None
    remarks: tuple[Remark, ...] = ()


Finding = Facts | str
"""Facts, or the reason why there are none."""


def check(path: str) -> Finding:
    """Decode the whole file as training will, and hash its bytes. Never raises for a bad file."""
    try:
        with opened(path) as file:
            source = _within_reach(file)
            decoded = decode_open(path, source, DECODED_SIDE, grey=True)
            source.seek(0)
            content = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
            return _facts(path, decoded, content)
    except UnreadableImage as error:
        return error.reason


def glance(path: str) -> Finding:
    """Read only the header: quick, but it does not tell whether the file is whole. Never raises for a bad file."""
    try:
        header = read_header(path)
    except UnreadableImage as error:
        return error.reason
    return Facts(header.width, header.height, header.format.name)


def _within_reach(file: IO[bytes]) -> IO[bytes]:
    """The content in memory, where it fits."""
    return BytesIO(file.read()) if os.fstat(file.fileno()).st_size <= IN_MEMORY else file


def _facts(path: str, decoded: Decoded, content: str) -> Facts:
    look = difference_hash(decoded.image)
    return Facts(decoded.width, decoded.height, decoded.format.name, content, look, _remarks(path, decoded))


def _remarks(path: str, decoded: Decoded) -> tuple[Remark, ...]:
    short, long = sorted((decoded.width, decoded.height))
    facts: dict[Remark, bool] = {
        "suffix": os.path.splitext(path)[1].lower() not in decoded.format.suffixes,
        "animated": decoded.animated,
        "stretched": decoded.stretched,
        "extreme": short < SMALLEST_SIDE or long > LONGEST_ASPECT * short,
    }
    return tuple(remark for remark, holds in facts.items() if holds)
