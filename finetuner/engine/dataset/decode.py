"""How a file becomes pixels: one rule for scan, training, preview and prediction.

The format is told from the content and must be on the list of `formats`; the size is read from the header and
must not exceed 50 megapixels; the first frame is decoded, whole or not at all; the EXIF orientation is applied;
`colour.to_rgb` makes it 8-bit RGB. Files come from strangers: every way they can fail ends in UnreadableImage.
"""

import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from PIL import ExifTags, Image

from finetuner.engine.dataset.colour import is_plain_grey, is_stretched, to_rgb
from finetuner.engine.dataset.formats import HEAD_BYTES, Format, missing_reader, nature, recognise
from finetuner.engine.dataset.sizes import FIRST_BYTES, quick_size
from finetuner.engine.dataset.unreadable import DECODER_ERRORS, PathLike, UnreadableImage, told_as_unreadable

MAX_PIXELS = 50_000_000

# Pillow's remarks on odd files would go to a stranger's terminal. The ones that matter come back as errors here.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Decoded:
    """An opened file: its pixels by the one rule, and what its header said. Sizes are after orientation."""

    image: Image.Image
    format: Format
    width: int
    height: int
    animated: bool
    stretched: bool


@dataclass(frozen=True)
class Header:
    """What a file says of itself before its pixels. Sizes are upright where the header tells the orientation."""

    format: Format
    width: int
    height: int


def open_rgb(path: PathLike, at_least: int | None = None) -> Image.Image:
    """The image in `path`, upright, 8-bit RGB.

    With `at_least`, a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size as long as the short side keeps that many
    pixels. Raises UnreadableImage.
    """
    return decode(path, at_least).image


def decode(path: PathLike, at_least: int | None = None) -> Decoded:
    """As `open_rgb`, with what else the file told. Raises UnreadableImage."""
    with opened(path) as file:
        return decode_open(path, file, at_least)


def read_header(path: PathLike) -> Header:
    """Format and size without decoding: whether the pixels are whole is not known yet. Raises UnreadableImage."""
    with opened(path) as file:
        format = recognise_file(path, file)
        file.seek(0)
        size = quick_size(format.plugin, file.read(FIRST_BYTES)) or _upright_size(file, format)
        _refuse_bomb(path, size)
        return Header(format, *size)


def _upright_size(file: IO[bytes], format: Format) -> tuple[int, int]:
    with Image.open(file, formats=[format.plugin]) as image:
        # asked for a block that it has not met yet, a PNG would be decoded; a TIFF's size is upright already
        turned = "exif" in image.info and _orientation(image) >= 5
        return image.size[::-1] if turned else image.size


@contextmanager
def opened(path: PathLike) -> Iterator[IO[bytes]]:
    """The file; whatever goes wrong while it is open comes out as UnreadableImage."""
    with told_as_unreadable(path):
        mode = os.stat(path).st_mode  # a stranger's list of images may name a pipe or a terminal, to wait at
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise UnreadableImage(path, "not a regular file")
        # an open file, not a name: Pillow maps named files into memory, and a file cut meanwhile would kill us
        with open(path, "rb") as file:
            yield file


def decode_open(path: PathLike, file: IO[bytes], at_least: int | None = None, grey: bool = False) -> Decoded:
    """As `decode`, from the content of `path` in an open file. Call it inside `opened`.

    With `grey`, an image that is grey, or a JPEG that can be decoded so, stays 8-bit grey: its colours are skipped.
    """
    format = recognise_file(path, file)
    with Image.open(file, formats=[format.plugin]) as image:
        _refuse_bomb(path, image.size)
        animated = bool(getattr(image, "is_animated", False)) and image.format != "MPO"
        size = image.size
        if at_least is not None:
            image.draft("L" if grey else None, (max(at_least, 1),) * 2)
        image.load()
        stretched = is_stretched(image)
        upright, turned = _upright(image)
        width, height = size[::-1] if turned else size
        pixels = upright if grey and is_plain_grey(upright) else to_rgb(upright)
        return Decoded(pixels, format, width, height, animated, stretched)


def recognise_file(path: PathLike, file: IO[bytes]) -> Format:
    """The format of an open file, told from its content. Raises UnreadableImage when it is none we can read."""
    head = file.read(HEAD_BYTES)
    format = recognise(head)
    if format is None:
        raise UnreadableImage(path, f"not an image: it is {nature(head)}")
    if missing := missing_reader(format):
        raise UnreadableImage(path, missing)
    return format


def _refuse_bomb(path: PathLike, size: tuple[int, int]) -> None:
    pixels = size[0] * size[1]
    if pixels > MAX_PIXELS:
        raise UnreadableImage(path, f"over 50 megapixels ({size[0]} × {size[1]} = {pixels / 1e6:.0f} megapixels)")


def _upright(image: Image.Image) -> tuple[Image.Image, bool]:
    """The image turned by its EXIF orientation, and whether width and height changed places."""
    orientation = _orientation(image)
    turn = _ORIENTATIONS.get(orientation)
    return (image if turn is None else image.transpose(turn)), orientation >= 5 and turn is not None


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1..8; 1 when the block is damaged, which is no reason to lose the picture."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
