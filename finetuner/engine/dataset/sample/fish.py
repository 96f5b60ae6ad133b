"""A fish from the side: body, tail, fins, an eye, and stripes, scales or spots."""

from random import Random

import numpy as np

from finetuner.engine.dataset.sample.curves import ellipse, smooth, spindle
from finetuner.engine.dataset.sample.palette import CREAM, INK, Colour, accent, darker, lighter, pigment
from finetuner.engine.dataset.sample.pen import Area, Pen


def draw_fish(pen: Pen, dice: Random) -> None:
    """One fish, its head to the left."""
    main = pigment(dice)
    second = accent(dice, main)
    height = dice.uniform(0.36, 0.6)
    _fins(pen, dice, height, second)
    body = pen.fill(_body(dice, height), lighter(main, 0.22), darker(main, 0.28))
    pen.fill(ellipse(-0.1, height * 0.95, 0.85, height * 0.75), lighter(main, 0.75), alpha=0.55, within=body)
    dice.choice([_stripes, _scales, _spots])(pen, dice, body, second)
    _head(pen, dice, body, main, height)
    pen.fill(_side_fin(), lighter(second, 0.15), darker(second, 0.2))


def _body(dice: Random, height: float) -> np.ndarray:
    bulge = dice.uniform(0.62, 0.8)
    return spindle(lambda time: height * np.sin(np.pi * np.clip(time, 0, 1) ** bulge) ** 0.75 + 0.06 * time, 0.78)


def _fins(pen: Pen, dice: Random, height: float, colour: Colour) -> None:
    light, dark = lighter(colour, 0.15), darker(colour, 0.25)
    spread, fork = dice.uniform(0.34, 0.55), dice.uniform(0.72, 1.0)
    tail = smooth([(0.6, 0), (0.85, -spread * 0.7), (1.15, -spread), (fork, 0), (1.15, spread), (0.85, spread * 0.7)])
    pen.fill(tail, light, dark)
    peak = dice.uniform(-0.25, 0.1)
    back = smooth([(-0.45, -height * 0.7), (peak, -height - dice.uniform(0.14, 0.3)), (0.55, -height * 0.75), (0.3, 0)])
    pen.fill(back, light, dark)
    pen.fill(smooth([(0.0, height * 0.6), (0.28, height + 0.2), (0.5, height * 0.5)]), light, dark)
    for y in np.linspace(-spread * 0.75, spread * 0.75, 7):
        pen.stroke(smooth([(0.75, y * 0.3), (1.05, y)], closed=False), 0.018, dark, 0.5)


def _stripes(pen: Pen, dice: Random, body: Area, colour: Colour) -> None:
    count, lean = dice.randint(2, 5), dice.uniform(-0.12, 0.12)
    for x in np.linspace(-0.2, 0.6, count):
        line = smooth([(x - lean, -0.8), (x + 0.07, 0), (x + lean, 0.8)], closed=False)
        pen.stroke(line, dice.uniform(0.08, 0.15), colour, 0.9, body, tip=0.7)


def _scales(pen: Pen, dice: Random, body: Area, colour: Colour) -> None:
    size = dice.uniform(0.12, 0.17)
    angle = np.linspace(-1.3, 1.3, 10)
    for row, x in enumerate(np.arange(-0.25, 0.8, size)):
        for y in np.arange(-0.7, 0.7, size):
            arc = np.stack((x + size * 0.6 * np.cos(angle), y + row % 2 * size / 2 + size * 0.5 * np.sin(angle)), 1)
            pen.stroke(arc, 0.022, colour, 0.7, body, tip=1)


def _spots(pen: Pen, dice: Random, body: Area, colour: Colour) -> None:
    for _ in range(dice.randint(7, 16)):
        pen.dot(dice.uniform(-0.3, 0.75), dice.uniform(-0.5, 0.35), dice.uniform(0.03, 0.085), colour, within=body)


def _head(pen: Pen, dice: Random, body: Area, main: Colour, height: float) -> None:
    gill = smooth([(-0.36, -height * 0.7), (-0.27, 0), (-0.36, height * 0.7)], closed=False)
    pen.stroke(gill, 0.035, darker(main, 0.45), 0.7, body)
    pen.stroke(smooth([(-0.8, 0.09), (-0.7, 0.13), (-0.62, 0.1)], closed=False), 0.028, darker(main, 0.6), within=body)
    eye = dice.uniform(0.085, 0.12)
    pen.dot(-0.52, -height * 0.24, eye, CREAM)
    pen.dot(-0.53, -height * 0.24, eye * 0.62, INK)
    pen.dot(-0.56, -height * 0.24 - eye * 0.25, eye * 0.22, CREAM)


def _side_fin() -> np.ndarray:
    return smooth([(-0.2, 0.04), (0.06, 0.02), (0.14, 0.2), (-0.04, 0.2)])
