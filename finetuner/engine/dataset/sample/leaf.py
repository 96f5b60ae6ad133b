"""A leaf: ovate, lobed like an oak's, or serrated; with a midrib, side veins and a stem."""

from collections.abc import Callable
from random import Random

import numpy as np

from finetuner.engine.dataset.sample.curves import Points, smooth, spindle
from finetuner.engine.dataset.sample.palette import Colour, accent, darker, lighter, mixed, pigment
from finetuner.engine.dataset.sample.pen import Area, Pen


def draw_leaf(pen: Pen, dice: Random) -> None:
    """One leaf, its tip to the right."""
    main = pigment(dice)
    bend = dice.uniform(-0.25, 0.25)
    outline = _bent(spindle(_profile(dice), 0.92, 140), bend)
    pen.stroke(_bent(_line(-1.2, -0.85), bend), 0.05, darker(main, 0.35), tip=1)
    blade = pen.fill(outline, lighter(main, 0.18), darker(main, 0.12))
    _shade_one_half(pen, blade, outline, bend, darker(main, 0.35))
    if dice.random() < 0.35:
        _speckle(pen, dice, blade)
    vein = mixed(main, lighter(accent(dice, main), 0.5), 0.55) if dice.random() < 0.4 else lighter(main, 0.42)
    _veins(pen, dice, blade, bend, vein)


def _profile(dice: Random) -> Callable[[np.ndarray], np.ndarray]:
    width, belly = dice.uniform(0.34, 0.56), dice.uniform(0.6, 1.0)
    kind = dice.choice(["plain", "lobed", "serrated"])
    lobes, depth = dice.randint(3, 5), dice.uniform(0.4, 0.58)
    teeth = dice.randint(12, 18)

    def half_width(time: np.ndarray) -> np.ndarray:
        smooth_edge = width * np.sin(np.pi * time**belly) ** 0.8
        if kind == "lobed":
            return smooth_edge * (1.12 - depth + depth * np.abs(np.sin(np.pi * lobes * time**1.15)) ** 0.6)
        if kind == "serrated":
            return smooth_edge * (1 + 0.14 * ((time * teeth) % 1 - 0.5))
        return smooth_edge

    return half_width


def _bent(points: Points, bend: float) -> Points:
    return np.stack((points[:, 0], points[:, 1] + bend * (points[:, 0] ** 2 - 0.3)), 1)


def _line(start: float, end: float) -> Points:
    x = np.linspace(start, end, 16)
    return np.stack((x, np.zeros_like(x)), 1)


def _shade_one_half(pen: Pen, blade: Area, outline: Points, bend: float, colour: Colour) -> None:
    lower = outline[len(outline) // 2 :]
    midrib = _bent(_line(-0.92, 0.92), bend)
    pen.fill(np.concatenate((lower, midrib)), colour, alpha=0.28, within=blade)


def _veins(pen: Pen, dice: Random, blade: Area, bend: float, colour: Colour) -> None:
    pairs, slant = dice.randint(5, 8), dice.uniform(0.25, 0.5)
    for x in np.linspace(-0.7, 0.6, pairs):
        for side in (-1, 1):
            line = smooth([(x, 0), (x + slant * 0.5, side * 0.22), (x + slant * 1.25, side * 0.62)], closed=False)
            pen.stroke(_bent(line, bend), 0.024, colour, 0.8, blade, tip=0.3)
    pen.stroke(_bent(_line(-0.92, 0.9), bend), 0.05, colour, within=blade, tip=0.25)


def _speckle(pen: Pen, dice: Random, blade: Area) -> None:
    colour = pigment(dice)
    for _ in range(dice.randint(6, 16)):
        pen.dot(dice.uniform(-0.8, 0.8), dice.uniform(-0.45, 0.45), dice.uniform(0.02, 0.06), colour, within=blade)
