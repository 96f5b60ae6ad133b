"""A ladybird from above: two dotted wing cases, head, feelers and six legs."""

from random import Random

import numpy as np

from finetuner.engine.dataset.sample.curves import ellipse, smooth
from finetuner.engine.dataset.sample.palette import CREAM, INK, Colour, accent, darker, lighter, pigment
from finetuner.engine.dataset.sample.pen import Area, Pen


def draw_ladybird(pen: Pen, dice: Random) -> None:
    """One beetle, its head upwards."""
    main = pigment(dice)
    dots = dice.choice([INK, INK, accent(dice, main)])
    width = dice.uniform(0.58, 0.74)
    _legs(pen, dice, width)
    _head(pen, dice)
    shell = pen.fill(ellipse(0, 0.14, width, 0.76), lighter(main, 0.25), darker(main, 0.3))
    _dots(pen, dice, shell, dots, width)
    pen.stroke(np.array([(0, y) for y in np.linspace(-0.6, 0.9, 10)]), 0.035, darker(dots, 0.1), 0.9, shell, tip=1)
    _shine(pen, shell, width)


def _legs(pen: Pen, dice: Random, width: float) -> None:
    for side in (-1, 1):
        for y, reach in ((-0.3, -0.22), (0.12, 0.05), (0.5, 0.3)):
            knee = (side * (width + 0.14), y + reach * 0.5 + dice.uniform(-0.05, 0.05))
            foot = (side * (width + 0.3), y + reach + dice.uniform(-0.08, 0.08))
            pen.stroke(smooth([(side * width * 0.7, y), knee, foot], closed=False), 0.07, INK, tip=0.6)


def _head(pen: Pen, dice: Random) -> None:
    for side in (-1, 1):
        tip = (side * dice.uniform(0.3, 0.42), -dice.uniform(1.02, 1.14))
        pen.stroke(smooth([(side * 0.1, -0.75), (side * 0.2, -0.98), tip], closed=False), 0.04, INK, tip=0.7)
        pen.dot(*tip, 0.045, INK)
    pen.fill(ellipse(0, -0.72, 0.3, 0.22), lighter(INK, 0.25), INK)
    pen.fill(ellipse(0, -0.52, 0.46, 0.24), lighter(INK, 0.3), INK)
    for side in (-1, 1):
        pen.dot(side * 0.19, -0.78, 0.065, CREAM)
        pen.dot(side * 0.28, -0.55, 0.08, lighter(CREAM, 0.2))


def _dots(pen: Pen, dice: Random, shell: Area, colour: Colour, width: float) -> None:
    size = dice.uniform(0.08, 0.14)
    places = [(0.5, -0.22), (0.32, 0.12), (0.66, 0.22), (0.4, 0.5), (0.2, 0.76), (0.72, 0.52)]
    for x, y in dice.sample(places, dice.randint(2, 6)):
        x, y = x * width / 0.7 + dice.uniform(-0.04, 0.04), y + dice.uniform(-0.05, 0.05)
        radius = size * dice.uniform(0.8, 1.2)
        for side in (-1, 1):
            pen.dot(side * x, y, radius, lighter(colour, 0.12), darker(colour, 0.1), within=shell)


def _shine(pen: Pen, shell: Area, width: float) -> None:
    for side in (-1, 1):
        pen.fill(ellipse(side * width * 0.45, -0.2, 0.13, 0.2), CREAM, alpha=0.28, within=shell)
