"""A mushroom: a stem, a cap with spots or rings, gills, and often a small neighbour."""

from collections.abc import Callable
from random import Random

import numpy as np

from finetuner.engine.dataset.sample.curves import Points, ellipse, smooth
from finetuner.engine.dataset.sample.palette import CREAM, Colour, accent, darker, lighter, mixed, pigment, varied
from finetuner.engine.dataset.sample.pen import Area, Pen

Put = Callable[[Points], Points]
"""Moves an outline to where the mushroom stands."""


def draw_mushroom(pen: Pen, dice: Random) -> None:
    """One mushroom, or a large and a small one, upright."""
    main = pigment(dice)
    if dice.random() < 0.45:
        side = dice.choice([-1, 1])
        _one(pen, dice, main, np.array([side * 0.55, 0.5]), 0.48)
        _one(pen, dice, main, np.array([-side * 0.2, 0.05]), 0.88)
    else:
        _one(pen, dice, main, np.array([0, 0.05]), 1.0)


def _one(pen: Pen, dice: Random, main: Colour, place: Points, scale: float) -> None:
    stem, lean = varied(dice, mixed(CREAM, main, dice.choice([0.0, 0.12, 0.25])), 0.02), dice.uniform(-0.16, 0.16)
    width, height = dice.uniform(0.62, 0.92), dice.uniform(0.5, 0.85)

    def put(points: Points) -> Points:
        return points * scale + place

    thick = dice.uniform(0.13, 0.24)
    stalk = [
        (-thick, -0.1),
        (thick, -0.1),
        (thick + lean, 0.45),
        (thick * 1.5 + lean, 0.9),
        (-thick * 1.5 + lean, 0.9),
        (-thick + lean, 0.45),
    ]
    pen.fill(put(smooth(stalk)), lighter(stem, 0.3), darker(stem, 0.3))
    if dice.random() < 0.5:
        pen.fill(put(ellipse(lean * 0.4, 0.2, thick * 1.5, 0.07)), lighter(stem, 0.5), darker(stem, 0.2))
    _gills(pen, put, width, stem)
    cap = pen.fill(put(_cap(dice, width, height)), lighter(main, 0.25), darker(main, 0.3))
    dice.choice([_spots, _spots, _rings, _plain])(pen, dice, put, cap, accent(dice, main), width, height)


def _cap(dice: Random, width: float, height: float) -> Points:
    point = dice.choice([0.9, 1.0, 1.25])
    top = -height * point
    return smooth(
        [
            (-width, 0.0),
            (-width * 0.85, top * 0.5),
            (-width * 0.4, top * 0.9),
            (0, top),
            (width * 0.4, top * 0.9),
            (width * 0.85, top * 0.5),
            (width, 0.0),
            (width * 0.5, 0.07),
            (0, 0.09),
            (-width * 0.5, 0.07),
        ]
    )


def _gills(pen: Pen, put: Put, width: float, stem: Colour) -> None:
    under = pen.fill(put(ellipse(0, 0.03, width * 0.93, 0.15)), darker(stem, 0.12), darker(stem, 0.42))
    for x in np.linspace(-width * 0.85, width * 0.85, 13):
        pen.stroke(put(np.linspace((x * 0.3, 0.0), (x, 0.2), 6)), 0.02, darker(stem, 0.5), 0.6, under)


def _spots(pen: Pen, dice: Random, put: Put, cap: Area, colour: Colour, width: float, height: float) -> None:
    light = lighter(colour, 0.55)
    for _ in range(dice.randint(5, 10)):
        x, size = dice.uniform(-0.85, 0.85), dice.uniform(0.05, 0.13)
        y = -height * dice.uniform(0.08, 0.92)
        pen.fill(put(ellipse(x * width, y, size, size * 0.8, 20)), light, darker(light, 0.1), within=cap)


def _rings(pen: Pen, dice: Random, put: Put, cap: Area, colour: Colour, width: float, height: float) -> None:
    for level in (0.25, 0.6):
        line = smooth(
            [(-width, -height * level + 0.12), (0, -height * level), (width, -height * level + 0.12)], closed=False
        )
        pen.stroke(put(line), 0.09, lighter(colour, 0.3), 0.75, cap, tip=1)


def _plain(pen: Pen, dice: Random, put: Put, cap: Area, colour: Colour, width: float, height: float) -> None:
    pen.fill(put(ellipse(-width * 0.3, -height * 0.6, width * 0.32, height * 0.16)), CREAM, alpha=0.35, within=cap)
