"""What the subjects lie on. To add one: a function (dice, size, colour) -> RGB image, and its line in BACKGROUNDS."""

from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from finetuner.engine.dataset.sample.palette import Colour, darker, lighter, mixed, neighbour, pigment, varied

Size = tuple[int, int]


def wash(dice: Random, size: Size, colour: Colour) -> Image.Image:
    """Watercolour: the colour and two neighbours flowing into each other."""
    other = mixed(colour, neighbour(dice, colour), 0.5)
    base = Image.new("RGB", size, lighter(colour, 0.2))
    base.paste(Image.new("RGB", size, darker(colour, 0.1)), mask=clouds(dice, size, 4))
    base.paste(Image.new("RGB", size, other), mask=clouds(dice, size, 6))
    return base


def bokeh(dice: Random, size: Size, colour: Colour) -> Image.Image:
    """A wash with lights out of focus."""
    image = wash(dice, size, colour)
    for _ in range(dice.randint(10, 22)):
        radius = dice.uniform(0.03, 0.14) * size[0]
        _soft_disc(image, dice, radius, lighter(mixed(colour, pigment(dice), 0.35), dice.uniform(0.1, 0.5)))
    return image.filter(ImageFilter.GaussianBlur(dice.uniform(1, 3)))


def meadow(dice: Random, size: Size, colour: Colour) -> Image.Image:
    """Blades of grass, layer over layer, lighter towards the front."""
    image = wash(dice, size, colour).resize((size[0] * 2, size[1] * 2))
    fresh = neighbour(dice, colour)
    for layer in range(5):
        for _ in range(22):
            tone = varied(dice, mixed(darker(colour, 0.3 - layer * 0.08), fresh, dice.uniform(0.2, 0.5)), 0.05)
            blade(image, dice, tone, base=0.5 + layer * 0.15)
    return image.reduce(2)


def planks(dice: Random, size: Size, colour: Colour) -> Image.Image:
    """Wooden boards with grain."""
    height = size[1]
    board = dice.randint(40, 90)
    grain = np.asarray(clouds(dice, size, 3, stretch=14), np.float32) / 255 - 0.5
    fine = np.asarray(clouds(dice, size, 8, stretch=20), np.float32) / 255 - 0.5
    tones = [dice.uniform(-0.1, 0.1) for _ in range(height // board + 2)]
    rows = np.array([tones[y // board] for y in range(height)], np.float32)[:, None]
    gaps = np.array([-0.35 if y % board < 2 else 0.0 for y in range(height)], np.float32)[:, None]
    shade = 1 + grain * 0.25 + fine * 0.18 + rows + gaps
    pixels = np.clip(np.array(colour, np.float32) * shade[..., None], 0, 255).astype(np.uint8)
    image = Image.fromarray(pixels)
    return image if dice.random() < 0.5 else image.transpose(Image.Transpose.TRANSPOSE).resize(size)


def pebbles(dice: Random, size: Size, colour: Colour) -> Image.Image:
    """Rounded stones on sand."""
    image = wash(dice, size, darker(colour, 0.25)).resize((size[0] * 2, size[1] * 2))
    pen = ImageDraw.Draw(image)
    for _ in range(110):
        x, y = dice.uniform(0, image.width), dice.uniform(0, image.height)
        wide = dice.uniform(10, 40)
        high = wide * dice.uniform(0.6, 1)
        tone = varied(dice, mixed(colour, pigment(dice), dice.uniform(0, 0.2)), 0.05)
        pen.ellipse((x - wide, y - high + 5, x + wide, y + high + 7), darker(colour, 0.5))
        pen.ellipse((x - wide, y - high, x + wide, y + high), darker(tone, 0.1))
        pen.ellipse((x - wide * 0.85, y - high * 0.92, x + wide * 0.7, y + high * 0.6), lighter(tone, 0.12))
    return image.reduce(2).filter(ImageFilter.GaussianBlur(0.6))


def cloth(dice: Random, size: Size, colour: Colour) -> Image.Image:
    """A woven pattern: dots, stripes or checks."""
    image = wash(dice, size, colour).resize((size[0] * 2, size[1] * 2))
    pen = ImageDraw.Draw(image, "RGBA")
    step, tone = dice.randint(34, 70), (*mixed(colour, pigment(dice), 0.45), dice.randint(90, 170))
    dice.choice([_dots, _stripes, _checks])(pen, image.size, step, tone)
    return image.reduce(2)


BACKGROUNDS: dict[str, Callable[[Random, Size, Colour], Image.Image]] = {
    "wash": wash,
    "bokeh": bokeh,
    "meadow": meadow,
    "planks": planks,
    "pebbles": pebbles,
    "cloth": cloth,
}


def clouds(dice: Random, size: Size, cells: int, stretch: int = 1) -> Image.Image:
    """Smooth grey noise (L) with about `cells` bumps a side; `stretch` draws them out sideways."""
    coarse = np.random.default_rng(dice.getrandbits(63)).integers(0, 256, (cells * stretch, cells), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def blade(image: Image.Image, dice: Random, colour: Colour, base: float = 1.05) -> None:
    """A blade of grass growing from `base` (share of the height) upwards."""
    width, height = image.size
    x, y = dice.uniform(-0.05, 1.05) * width, (base + dice.uniform(0, 0.2)) * height
    tall, lean, half = (
        dice.uniform(0.25, 0.55) * height,
        dice.gauss(0, 0.08) * width,
        dice.uniform(0.008, 0.018) * width,
    )
    time = np.linspace(0, 1, 12)
    middle = np.stack((x + lean * time**2, y - tall * time), 1)
    side = np.stack((half * (1 - time**1.5), np.zeros_like(time)), 1)
    outline = np.concatenate((middle - side, (middle + side)[::-1]))
    ImageDraw.Draw(image).polygon([tuple(point) for point in outline.tolist()], fill=colour)


def _soft_disc(image: Image.Image, dice: Random, radius: float, colour: Colour) -> None:
    x, y = dice.uniform(0, image.width), dice.uniform(0, image.height)
    disc = (x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(image, "RGBA").ellipse(disc, (*colour, dice.randint(60, 150)))


def _dots(pen: ImageDraw.ImageDraw, size: Size, step: int, tone: tuple[int, ...]) -> None:
    for row, y in enumerate(range(0, size[1] + step, step)):
        for x in range(-(row % 2) * step // 2, size[0] + step, step):
            pen.ellipse((x - step // 6, y - step // 6, x + step // 6, y + step // 6), tone)


def _stripes(pen: ImageDraw.ImageDraw, size: Size, step: int, tone: tuple[int, ...]) -> None:
    for x in range(-size[1], size[0], step):
        pen.line((x, 0, x + size[1] // 2, size[1]), tone, step // 3)


def _checks(pen: ImageDraw.ImageDraw, size: Size, step: int, tone: tuple[int, ...]) -> None:
    for x in range(0, size[0], step * 2):
        pen.rectangle((x, 0, x + step, size[1]), tone)
    for y in range(0, size[1], step * 2):
        pen.rectangle((0, y, size[0], y + step), tone)
