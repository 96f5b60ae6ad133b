"""Quick sizes are Pillow's, or not given."""

import random
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from finetuner.engine.dataset.check import Facts, check, glance
from finetuner.engine.dataset.sizes import FIRST_BYTES, quick_size
from tests.hostile import photo, save_oriented


def encoded(format: str, size: tuple[int, int] = (70, 40), **options: object) -> bytes:
    file = BytesIO()
    photo("size", size).save(file, format, **options)
    return file.getvalue()[:FIRST_BYTES]


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"comment": b"hello"}, {"dpi": (72, 72)}])
def test_plain_files_need_no_pillow(options: dict):
    assert quick_size("JPEG", encoded("JPEG", **options)) == (70, 40)
    assert quick_size("PNG", encoded("PNG")) == (70, 40)


@pytest.mark.parametrize(
    "head",
    [
        encoded("JPEG", exif=Image.Exif()),
        encoded("JPEG", xmp=b"<x/>"),
        encoded("JPEG", icc_profile=bytes(FIRST_BYTES)),
        encoded("JPEG")[:100],
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\x00" * 50,
    ],
)
def test_of_what_is_in_doubt_in_a_jpeg_nothing_is_said(head: bytes):
    assert quick_size("JPEG", head) is None


def test_of_what_is_in_doubt_in_a_png_nothing_is_said():
    exif, told = Image.Exif(), PngImagePlugin.PngInfo()
    exif[0x0112] = 6
    told.add_text("Raw profile type exif", "x")
    for head in (encoded("PNG", exif=exif), encoded("PNG", pnginfo=told), encoded("PNG")[:30], b"\x89PNG\r\n\x1a\n"):
        assert quick_size("PNG", head) is None
    assert quick_size("WEBP", encoded("WEBP")) is None


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_no_damage_is_too_much_for_it(format: str):
    """Any bytes give a size or None, never an error, never an empty picture."""
    dice, head = random.Random(0), encoded(format)
    for _ in range(3000):
        damaged = bytearray(head[: dice.randrange(len(head))])
        for place in dice.sample(range(len(damaged)), min(len(damaged), 3)):
            damaged[place] = dice.randrange(256)
        assert min(quick_size(format, bytes(damaged)) or (1, 1)) > 0


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_a_glance_and_a_check_agree_on_the_size(tmp_path: Path, orientation: int, suffix: str):
    path = tmp_path / f"turned.{suffix}"
    save_oriented(path, photo("turned", (80, 48)), orientation)
    (glanced,), (checked,) = glance([str(path)]), check([str(path)])
    assert isinstance(glanced, Facts)
    assert glanced[:3] == checked[:3]
    assert glanced[:2] == (80, 48)
