"""Files, looked at: what each is and what is odd about it, or the reason why it is no usable image.

Answers are plain tuples and strings: they cross the pipe from a reader's process and lie in the ledger as JSON.
"""

import hashlib
import os
from collections.abc import Sequence
from io import BytesIO
from typing import IO, Literal, NamedTuple

from finetuner.engine.dataset.decode import Decoded, decode_open, opened, read_header
from finetuner.engine.dataset.likeness import difference_hashes, shrunk
from finetuner.engine.dataset.unreadable import UnreadableImage

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


def check(paths: Sequence[str]) -> list[Finding]:
    """Decode whole files as training will, and hash their bytes. Never raises for a bad file."""
    checked = [_checked(path) for path in paths]
    looks = iter(difference_hashes([one.shrunk for one in checked if isinstance(one, _Checked)]))
    return [one if isinstance(one, str) else one.facts._replace(look=next(looks)) for one in checked]


def glance(paths: Sequence[str]) -> list[Finding]:
    """Read only the headers: quick, but it does not tell whether a file is whole. Never raises for a bad file."""
    return [_glanced(path) for path in paths]


class _Checked(NamedTuple):
    """Facts that lack the look, and what it is made of: hashing many at once is much cheaper."""

    facts: Facts
    shrunk: bytes


def _checked(path: str) -> _Checked | str:
    try:
        with opened(path) as file:
            source = _within_reach(file)
            decoded = decode_open(path, source, DECODED_SIDE, grey=True)
            source.seek(0)
            content = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    except UnreadableImage as error:
        return error.reason
    remarks = _remarks(path, decoded)
    facts = Facts(decoded.width, decoded.height, decoded.format.name, content, remarks=remarks)
    return _Checked(facts, shrunk(decoded.image))


def _glanced(path: str) -> Finding:
    try:
        header = read_header(path)
    except UnreadableImage as error:
        return error.reason
    return Facts(header.width, header.height, header.format.name)


def _within_reach(file: IO[bytes]) -> IO[bytes]:
    """The content in memory, where it fits."""
    return BytesIO(file.read()) if os.fstat(file.fileno()).st_size <= IN_MEMORY else file


def _remarks(path: str, decoded: Decoded) -> tuple[Remark, ...]:
    short, long = sorted((decoded.width, decoded.height))
    facts: dict[Remark, bool] = {
        "suffix": os.path.splitext(path)[1].lower() not in decoded.format.suffixes,
        "animated": decoded.animated,
        "stretched": decoded.stretched,
        "extreme": short < SMALLEST_SIDE or long > LONGEST_ASPECT * short,
    }
    return tuple(remark for remark, holds in facts.items() if holds)
