"""One picture: a background, a subject with its shadow, something in front of it, light and grain."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from finetuner.engine.dataset.sample.backgrounds import BACKGROUNDS, Size, blade, clouds
from finetuner.engine.dataset.sample.palette import PIGMENTS, darker, lighter, mixed, paper, pigment
from finetuner.engine.dataset.sample.pen import Pen

SIZES: tuple[Size, ...] = ((256, 256), (256, 256), (320, 256), (256, 304))


@dataclass(frozen=True)
class Subject:
    """What is drawn, and how far from upright it may be turned, in degrees."""

    draw: Callable[[Pen, Random], None]
    turn: float = 180


def picture(subject: Subject, dice: Random) -> Image.Image:
    """One RGB picture of about 256 pixels a side."""
    size = dice.choice(SIZES)
    tone = paper(dice, dice.choice(PIGMENTS))
    image = dice.choice(list(BACKGROUNDS.values()))(dice, size, tone)
    layer = _subject(subject, dice, min(size))
    _lay_down(image, layer, dice)
    if dice.random() < 0.35:
        _cover(image, dice, tone)
    return _as_photographed(image, dice)


def _subject(subject: Subject, dice: Random, side: int) -> Image.Image:
    squeeze = (dice.choice([-1, 1]) * dice.uniform(0.88, 1.08), dice.uniform(0.88, 1.08))
    pen = Pen(side * dice.uniform(0.24, 0.42), dice.uniform(-subject.turn, subject.turn), squeeze)
    subject.draw(pen, dice)
    return pen.finished()


def _lay_down(image: Image.Image, layer: Image.Image, dice: Random) -> None:
    """Put the layer somewhere near the middle, over its soft shadow."""
    x, y = (
        round((whole - part) / 2 + dice.gauss(0, 0.09) * whole)
        for whole, part in zip(image.size, layer.size, strict=True)
    )
    depth = layer.width * dice.uniform(0.015, 0.045)
    shadow = layer.getchannel("A").filter(ImageFilter.GaussianBlur(depth * 1.1)).point(lambda value: value * 0.5)
    image.paste((26, 20, 44), (round(x + depth), round(y + depth * 1.6)), shadow)
    image.paste(layer, (x, y), layer)


def _cover(image: Image.Image, dice: Random, tone: tuple[int, int, int]) -> None:
    """Blades or blurred leaves between the camera and the subject."""
    front = Image.new("RGBA", (image.width * 2, image.height * 2))
    for _ in range(dice.randint(3, 9)):
        blade(front, dice, darker(mixed(tone, pigment(dice), 0.4), dice.uniform(0, 0.3)), base=1.0)
    front = front.reduce(2).filter(ImageFilter.GaussianBlur(dice.choice([0.4, 0.8, 2.5])))
    image.paste(front, (0, 0), front)


def _as_photographed(image: Image.Image, dice: Random) -> Image.Image:
    """Uneven light, a breath of blur, grain."""
    light = clouds(dice, image.size, 3).point(lambda value: 218 + value * 37 // 255)
    image = ImageChops.multiply(image, Image.merge("RGB", (light,) * 3))
    image = Image.blend(image, Image.new("RGB", image.size, lighter(pigment(dice), 0.6)), dice.uniform(0, 0.07))
    if dice.random() < 0.4:
        image = image.filter(ImageFilter.GaussianBlur(dice.uniform(0.3, 0.9)))
    grain = np.random.default_rng(dice.getrandbits(63)).normal(0, dice.uniform(1, 4.5), (*image.size[::-1], 1))
    gain = dice.uniform(0.94, 1.16)
    return Image.fromarray(np.clip(np.asarray(image) * gain + grain, 0, 255).astype(np.uint8))
