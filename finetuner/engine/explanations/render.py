"""Heat on a photo. Colours rise evenly in lightness (nine points of the colour map *inferno*, CC0)."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Heat = NDArray[np.float32]
"""h x w, from 0 to 1."""

LONGEST_SIDE = 1600
_OUTSIDE = 0.35
_STRENGTH = 0.75
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


def normalised(heat: NDArray[np.float32]) -> Heat:
    """Stretch a non-negative map to 0..1; one of zeros stays so."""
    largest = float(heat.max())
    return heat / largest if largest > 0 else np.zeros_like(heat)


def coloured(heat: Heat, side: int) -> Image.Image:
    """The bare map, resized smoothly to a square of `side` pixels."""
    return Image.fromarray(colours(resized(heat, side)).round().astype(np.uint8))


def overlay(photo: Image.Image, heat: Heat, crop_permille: int) -> Image.Image:
    """The photo with heat on the centre square the network sees; what it does not see is dimmed."""
    shown = _fitted(photo)
    left, top, side = centre_square(shown.width, shown.height, crop_permille)
    canvas = np.asarray(shown, dtype=np.float32) * _OUTSIDE
    seen = np.asarray(shown, dtype=np.float32)[top : top + side, left : left + side]
    share = resized(heat, side)
    strength = (share * _STRENGTH)[..., None]
    canvas[top : top + side, left : left + side] = seen * (1 - strength) + colours(share) * strength
    return Image.fromarray(canvas.round().astype(np.uint8))


def centre_square(width: int, height: int, crop_permille: int) -> tuple[int, int, int]:
    """Left, top and side of what the deployed preprocessing cuts out (see `dataset.deploy.centre_square`)."""
    side = max((min(width, height) * crop_permille + 500) // 1000, 1)
    return (width - side) // 2, (height - side) // 2, side


def resized(heat: Heat, side: int) -> Heat:
    """The map as a square of `side` pixels, bilinear, so that nothing overshoots."""
    picture = Image.fromarray(np.ascontiguousarray(heat, dtype=np.float32))
    return np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR)).clip(0, 1)


def colours(heat: Heat) -> NDArray[np.float32]:
    """Heat 0..1 of any shape -> RGB 0..255, one axis more."""
    places = np.linspace(0, 1, len(_INFERNO))
    channels = [np.interp(heat, places, _INFERNO[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def _fitted(photo: Image.Image) -> Image.Image:
    shown = photo.copy()
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return shown
