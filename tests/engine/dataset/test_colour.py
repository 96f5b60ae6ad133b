from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetuner.engine.dataset.colour import is_stretched, to_rgb
from finetuner.engine.dataset.decode import decode, open_rgb


def pixels(image: Image.Image) -> list[list[int]]:
    return np.asarray(to_rgb(image)).reshape(-1, 3).tolist()


def grey(*values: int) -> list[list[int]]:
    return [[value] * 3 for value in values]


def row(values: list, kind: type) -> Image.Image:
    return Image.fromarray(np.array([values], kind))


def test_rgb_is_left_alone():
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    assert to_rgb(image) is image


def test_grey_and_one_bit_are_repeated():
    assert pixels(row([0, 7, 255], np.uint8)) == grey(0, 7, 255)
    assert pixels(row([0, 255], np.uint8).convert("1")) == grey(0, 255)


def test_sixteen_bits_are_scaled_not_clipped():
    assert pixels(row([0, 257, 40000, 65535], np.uint16)) == grey(0, 1, 156, 255)


@pytest.mark.parametrize("order", ["<u2", ">u2"])
def test_sixteen_bit_byte_orders_agree(order: str):
    values = np.array([[0, 300, 40000, 65535]], order)
    image = Image.frombytes("I;16" if order == "<u2" else "I;16B", (4, 1), values.tobytes())
    assert pixels(image) == grey(0, 1, 156, 255)


def test_wide_integers_within_sixteen_bits_are_scaled_alike():
    assert pixels(row([0, 257, 40000, 65535], np.int32)) == grey(0, 1, 156, 255)


def test_wider_integers_and_floats_are_stretched():
    assert pixels(row([-100, 0, 100], np.int32)) == grey(0, 128, 255)
    assert pixels(row([0.0, 0.25, 1.0], np.float32)) == grey(0, 64, 255)
    assert is_stretched(row([-100, 100], np.int32))
    assert is_stretched(row([0.5], np.float32))
    assert not is_stretched(row([0, 65535], np.int32))
    assert not is_stretched(Image.new("RGB", (1, 1)))


def test_odd_floats_stay_in_range():
    assert pixels(row([np.nan, 0.0, 2.0, np.inf], np.float32)) == grey(0, 0, 255, 0)
    assert pixels(row([3.0, 3.0], np.float32)) == grey(0, 0)
    assert pixels(row([np.nan, np.inf], np.float32)) == grey(0, 0)
    largest = float(np.finfo(np.float32).max)
    assert pixels(row([-largest, 0.0, largest], np.float32)) == grey(0, 128, 255)


def test_transparency_shows_white_never_the_hidden_colour():
    hidden = Image.new("RGBA", (1, 1), (255, 0, 0, 0))
    assert pixels(hidden) == grey(255)
    assert pixels(Image.new("RGBA", (1, 1), (0, 0, 0, 128))) == grey(127)
    assert pixels(Image.new("LA", (1, 1), (0, 0))) == grey(255)
    assert pixels(Image.new("LA", (1, 1), (0, 255))) == grey(0)


def test_palette_transparency_shows_white():
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putdata([0, 1])
    image.info["transparency"] = 0
    assert pixels(image) == [[255, 255, 255], [0, 0, 255]]
    image.info["transparency"] = bytes([128, 255])
    assert pixels(image) == [[255, 127, 127], [0, 0, 255]]


def test_premultiplied_and_palette_alpha_modes():
    straight = Image.new("RGBA", (1, 1), (200, 100, 0, 128))
    expected = np.array(pixels(straight))
    assert np.abs(np.array(pixels(straight.convert("RGBa"))) - expected).max() <= 1
    palette = Image.new("PA", (1, 1))
    palette.putpalette([200, 10, 20])
    palette.putpixel((0, 0), (0, 0))
    assert pixels(palette) == grey(255)
    assert pixels(Image.new("LA", (1, 1), (100, 0)).convert("La")) == grey(255)


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "LAB", "HSV", "RGBX"])
def test_other_colour_spaces_are_converted(mode: str):
    assert to_rgb(Image.new(mode, (3, 2))).mode == "RGB"


@pytest.mark.parametrize(
    ("kind", "top", "suffix", "options"),
    [
        (np.uint16, 65535, ".png", {}),
        (np.uint16, 65535, ".tif", {}),
        (np.uint16, 65535, ".tif", {"compression": "tiff_lzw"}),
        (np.float32, 1.0, ".tif", {}),
        (np.int32, 65535, ".tif", {}),
        (np.uint8, 255, ".png", {}),
    ],
)
def test_a_full_ramp_keeps_every_step_through_a_file(
    tmp_path: Path, kind: type, top: float, suffix: str, options: dict
):
    """Golden pixels: an even ramp in any depth comes back as 0..255 within one level."""
    ramp = np.linspace(0, top, 256).reshape(16, 16).astype(kind)
    Image.fromarray(ramp).save(tmp_path / f"ramp{suffix}", **options)
    values = np.asarray(open_rgb(tmp_path / f"ramp{suffix}"))[..., 0].reshape(-1).astype(int)
    assert np.abs(values - np.arange(256)).max() <= 1


def test_an_inverted_cmyk_jpeg_comes_right_side_up(tmp_path: Path):
    """Pillow writes CMYK as Adobe does, inverted, and turns it back on reading."""
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(tmp_path / "red.jpg", quality=100)
    assert decode(tmp_path / "red.jpg").image.getpixel((8, 8)) == pytest.approx((255, 0, 0), abs=3)
