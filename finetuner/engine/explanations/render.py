"""Heat on a photo. Colours rise evenly in lightness (nine points of the colour map *inferno*, CC0).

A signed map is blue where it speaks against the class and red where it speaks for it (nine points of *RdBu*,
ColorBrewer, Apache 2.0), white where it says nothing, and as strong as its largest value of either sign.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Heat = NDArray[np.float32]
"""h x w, from 0 to 1; a signed one from -1 to 1."""

LONGEST_SIDE = 1600
_OUTSIDE = 0.35
_STRENGTH = 0.75
_CUT = 0.01
_FINE = 10_000
_INFERNO = np.array(
    [
        (0, 0, 4),
        (31, 12, 72),
        (85, 15, 109),
        (136, 34, 106),
        (186, 54, 85),
        (227, 89, 51),
        (249, 140, 10),
        (249, 201, 50),
        (252, 255, 164),
    ],
    dtype=np.float32,
)
_RED_BLUE = np.array(
    [
        (5, 48, 97),
        (33, 102, 172),
        (67, 147, 195),
        (146, 197, 222),
        (247, 247, 247),
        (244, 165, 130),
        (214, 96, 77),
        (178, 24, 43),
        (103, 0, 31),
    ],
    dtype=np.float32,
)


def normalised(heat: NDArray[np.float32]) -> Heat:
    """Stretch a map so that its largest value, of either sign, is one; zero stays where it is.

    In a fine map the strongest hundredth is cut off, since single pixels stick out far and would leave the rest dark.
    """
    strength = np.abs(heat[heat != 0])
    largest = float(np.quantile(strength, 1 - _CUT if heat.size >= _FINE else 1)) if strength.size else 0.0
    return (heat / largest).clip(-1, 1) if largest > 0 else np.zeros_like(heat)


def coloured(heat: Heat, side: int, signed: bool = False) -> Image.Image:
    """The bare map, resized smoothly to a square of `side` pixels."""
    return Image.fromarray(colours(resized(heat, side), signed).round().astype(np.uint8))


def overlay(photo: Image.Image, heat: Heat, crop_permille: int, signed: bool = False) -> Image.Image:
    """The photo with heat on the centre square the network sees; what it does not see is dimmed."""
    shown = _fitted(photo)
    left, top, side = centre_square(shown.width, shown.height, crop_permille)
    canvas = np.asarray(shown, dtype=np.float32) * _OUTSIDE
    seen = np.asarray(shown, dtype=np.float32)[top : top + side, left : left + side]
    share = resized(heat, side)
    strength = (np.abs(share) * _STRENGTH)[..., None]
    canvas[top : top + side, left : left + side] = seen * (1 - strength) + colours(share, signed) * strength
    return Image.fromarray(canvas.round().astype(np.uint8))


def centre_square(width: int, height: int, crop_permille: int) -> tuple[int, int, int]:
    """Left, top and side of what the deployed preprocessing cuts out (see `dataset.deploy.centre_square`)."""
    side = max((min(width, height) * crop_permille + 500) // 1000, 1)
    return (width - side) // 2, (height - side) // 2, side


def resized(heat: Heat, side: int) -> Heat:
    """The map as a square of `side` pixels, bilinear, so that nothing overshoots."""
    picture = Image.fromarray(np.ascontiguousarray(heat, dtype=np.float32))
    return np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR)).clip(-1, 1)


def colours(heat: Heat, signed: bool = False) -> NDArray[np.float32]:
    """Heat of any shape, 0..1 or signed -1..1 -> RGB 0..255, one axis more."""
    scale = _RED_BLUE if signed else _INFERNO
    places = np.linspace(-1 if signed else 0, 1, len(scale))
    channels = [np.interp(heat, places, scale[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def _fitted(photo: Image.Image) -> Image.Image:
    shown = photo.copy()
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return shown
