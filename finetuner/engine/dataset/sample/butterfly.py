"""A butterfly from above: two pairs of wings with rims, spots and veins, a body and feelers."""

from collections.abc import Callable
from random import Random

import numpy as np

from finetuner.engine.dataset.sample.curves import Points, ellipse, mirrored, smooth
from finetuner.engine.dataset.sample.palette import CREAM, INK, Colour, accent, darker, lighter, pigment
from finetuner.engine.dataset.sample.pen import Area, Pen


def draw_butterfly(pen: Pen, dice: Random) -> None:
    """One butterfly, its head upwards."""
    main = pigment(dice)
    second = accent(dice, main)
    rim = darker(dice.choice([main, second, INK]), dice.uniform(0.3, 0.6))
    fold = dice.uniform(0.72, 1.0)
    upper, lower = _upper_wing(dice) * [fold, 1], _lower_wing(dice) * [fold, 1]
    eyes = [(dice.uniform(0.42, 0.62) * fold, dice.uniform(-0.5, -0.3)), (0.4 * fold, dice.uniform(0.32, 0.5))]
    size = dice.uniform(0.07, 0.13)
    for side in (lambda points: points, mirrored):
        low = _wing(pen, side(lower), second, rim)
        high = _wing(pen, side(upper), main, rim)
        for wing, (x, y), colour in zip((high, low), eyes, (second, main), strict=True):
            _eyespot(pen, side(ellipse(x, y, size)), side(ellipse(x, y, size * 0.5)), wing, colour)
        _rim_dots(pen, side, fold, high, dice.getrandbits(1) == 1)
    _body(pen, dice)


def _upper_wing(dice: Random) -> Points:
    reach, top = dice.uniform(0.85, 1.02), dice.uniform(0.62, 0.86)
    return smooth(
        [
            (0.03, -0.12),
            (0.35, -top * 0.82),
            (reach * 0.85, -top),
            (reach, -top * 0.6),
            (reach * 0.72, -0.08),
            (0.3, 0.1),
        ]
    )


def _lower_wing(dice: Random) -> Points:
    reach, depth = dice.uniform(0.6, 0.8), dice.uniform(0.6, 0.85)
    tail = dice.choice([0.0, 0.0, 0.18])
    return smooth(
        [
            (0.03, 0.0),
            (0.4, -0.05),
            (reach, 0.2),
            (reach * 0.85, depth * 0.75),
            (0.42, depth + tail),
            (0.2, depth * 0.7),
        ]
    )


def _wing(pen: Pen, outline: Points, colour: Colour, rim: Colour) -> Area:
    wing = pen.fill(outline, lighter(rim, 0.1), darker(rim, 0.2))
    root = outline[0]
    inner = root + (outline - root) * 0.86
    pen.fill(inner, lighter(colour, 0.25), darker(colour, 0.15), within=wing)
    pen.fill(root + (outline - root) * 0.45, darker(colour, 0.4), alpha=0.35, within=wing)
    for target in outline[6 : len(outline) - 6 : 8]:
        pen.stroke(np.linspace(root, target, 8), 0.022, rim, 0.65, wing)
    return wing


def _eyespot(pen: Pen, outer: Points, inner: Points, wing: Area, colour: Colour) -> None:
    pen.fill(outer, lighter(colour, 0.1), within=wing)
    pen.fill(inner, INK if sum(colour) > 300 else CREAM, within=wing)


def _rim_dots(pen: Pen, side: Callable[[Points], Points], fold: float, wing: Area, wanted: bool) -> None:
    if not wanted:
        return
    for x, y in ((0.86, -0.7), (0.88, -0.54), (0.84, -0.38), (0.78, -0.24)):
        pen.fill(side(ellipse(x * fold, y, 0.035, count=14)), CREAM, within=wing)


def _body(pen: Pen, dice: Random) -> None:
    colour = darker(pigment(dice), 0.62)
    for side in (-1, 1):
        line = smooth([(0.02 * side, -0.3), (0.1 * side, -0.55), (0.24 * side, -0.72)], closed=False)
        pen.stroke(line, 0.025, colour, tip=0.8)
        pen.dot(0.24 * side, -0.72, 0.035, colour)
    pen.fill(ellipse(0, 0.16, 0.07, 0.42), lighter(colour, 0.2), colour)
    pen.fill(ellipse(0, -0.14, 0.085, 0.17), lighter(colour, 0.3), colour)
    pen.dot(0, -0.31, 0.075, lighter(colour, 0.25), colour)
