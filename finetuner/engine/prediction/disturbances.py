"""What may happen to a photo before a model sees it: a menu, each with a few strengths.

To add one: a function of (image, strength, random numbers) and a line in `DISTURBANCES`.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

Random = np.random.Generator


@dataclass(frozen=True)
class Disturbance:
    """`strengths` from mild to severe, in `unit`; at every one of them the image keeps its size."""

    title: str
    unit: str
    strengths: tuple[float, ...]
    apply: Callable[[Image.Image, float, Random], Image.Image]


def _blur(image: Image.Image, strength: float, _: Random) -> Image.Image:
    """Out of focus; the radius is a share of the shorter side, so that the size of a photo does not matter."""
    return image.filter(ImageFilter.GaussianBlur(strength / 100 * min(image.size)))


def _darken(image: Image.Image, strength: float, _: Random) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(1 - strength / 100)


def _noise(image: Image.Image, strength: float, random: Random) -> Image.Image:
    """Normal, each channel of each pixel by itself: as a sensor in the dark."""
    pixels = np.asarray(image, np.float32)
    disturbed = pixels + random.normal(0, strength / 100 * 255, pixels.shape).astype(np.float32)
    return Image.fromarray(disturbed.round().clip(0, 255).astype(np.uint8))


def _compress(image: Image.Image, strength: float, _: Random) -> Image.Image:
    content = io.BytesIO()
    image.save(content, "JPEG", quality=int(100 - strength))
    with Image.open(content) as again:
        return again.convert("RGB")


def _turn(image: Image.Image, strength: float, random: Random) -> Image.Image:
    """Either way; the corners are filled with the mean colour."""
    angle = strength if random.random() < 0.5 else -strength
    return image.rotate(angle, Image.Resampling.BILINEAR, fillcolor=_mean(image))


def _recede(image: Image.Image, strength: float, _: Random) -> Image.Image:
    """As from farther away: the image shrinks, and lies on its mean colour."""
    share = 1 - strength / 100
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    canvas = Image.new("RGB", image.size, _mean(image))
    corner = ((image.width - size[0]) // 2, (image.height - size[1]) // 2)
    canvas.paste(image.resize(size, Image.Resampling.BILINEAR), corner)
    return canvas


def _mean(image: Image.Image) -> tuple[int, ...]:
    return tuple(int(value) for value in np.asarray(image).reshape(-1, 3).mean(axis=0))


DISTURBANCES: dict[str, Disturbance] = {
    "blur": Disturbance("Blur", "% of the side", (0.5, 1, 2, 4), _blur),
    "darkness": Disturbance("Darkness", "% darker", (25, 50, 75, 90), _darken),
    "noise": Disturbance("Noise", "% of the range", (4, 8, 16, 32), _noise),
    "jpeg": Disturbance("JPEG", "100 − quality", (50, 75, 90, 95), _compress),
    "rotation": Disturbance("Rotation", "degrees", (10, 20, 45, 90), _turn),
    "scale": Disturbance("Distance", "% smaller", (20, 40, 60, 80), _recede),
}
