"""The menu of augmentations: from nothing to TrivialAugment."""

from dataclasses import dataclass

MOVES = ("shear x", "shear y", "shift x", "shift y", "turn")
LINEAR_TONES = ("brightness", "contrast", "colour")
OTHER_TONES = ("sharpness", "posterise", "solarise", "stretch", "equalise")
ALL = ("nothing", *MOVES, *LINEAR_TONES, *OTHER_TONES)
"""The fourteen operations of RandAugment and TrivialAugment."""


@dataclass(frozen=True)
class Limits:
    """What each kind of operation does at full strength."""

    shear: float = 0.0  # tangent of the angle
    shift: float = 0.0  # share of the side
    turn: float = 0.0  # degrees
    tone: float = 0.0  # factors go from 1 - tone to 1 + tone
    bits: float = 0.0  # how many of eight are dropped


@dataclass(frozen=True)
class Preset:
    """What may happen to an image: a crop of at least the share `smallest` of its area, a mirror image half of the
    time, then the steps, each of which draws one of its operations.

    `smallest` None is the centre, never mirrored. `strength` None is drawn for each step from 0 to 1.
    """

    smallest: float | None = None
    steps: tuple[tuple[str, ...], ...] = ()
    limits: Limits = Limits()
    strength: float | None = None


NONE = Preset()
"""The centre, always the same."""

LIGHT = Preset(smallest=0.5, steps=tuple((tone,) for tone in LINEAR_TONES), limits=Limits(tone=0.2))
"""A random crop, a mirror image half of the time, a little light, contrast and colour."""

RANDAUGMENT = Preset(
    smallest=0.35,
    steps=(ALL, ALL),
    limits=Limits(shear=0.3, shift=150 / 331, turn=30, tone=0.9, bits=4),
    strength=7 / 30,
)
"""RandAugment (Cubuk et al., 2020): two random operations of medium strength."""

TRIVIALAUGMENT = Preset(
    smallest=0.35, steps=(ALL,), limits=Limits(shear=0.99, shift=32 / 224, turn=135, tone=0.99, bits=6)
)
"""TrivialAugment (Mueller and Hutter, 2021): one random operation of random strength."""

AUGMENTATIONS: dict[str, Preset] = {
    "none": NONE,
    "light": LIGHT,
    "randaugment": RANDAUGMENT,
    "trivialaugment": TRIVIALAUGMENT,
}
