"""Colours that go together. All subjects share them, so that colour alone never tells the class."""

import colorsys
from random import Random

Colour = tuple[int, int, int]

PIGMENTS: tuple[Colour, ...] = (
    (226, 88, 74),  # coral
    (196, 62, 58),  # brick
    (240, 160, 62),  # apricot
    (246, 202, 86),  # mustard
    (150, 178, 92),  # sage
    (74, 134, 88),  # fern
    (52, 140, 140),  # teal
    (86, 164, 206),  # sky
    (62, 92, 160),  # denim
    (122, 92, 168),  # plum
    (204, 112, 160),  # rose
    (158, 106, 76),  # cinnamon
)
PAPERS: tuple[Colour, ...] = (
    (250, 240, 222),
    (232, 240, 226),
    (222, 236, 244),
    (246, 226, 222),
    (236, 228, 244),
    (214, 226, 206),
    (190, 214, 222),
    (240, 214, 178),
    (118, 150, 126),
    (92, 130, 146),
    (140, 122, 152),
    (64, 84, 96),
    (58, 72, 60),
    (70, 62, 84),
)
INK: Colour = (48, 40, 48)
CREAM: Colour = (252, 246, 232)


def pigment(dice: Random) -> Colour:
    """A main colour, never twice exactly the same."""
    return varied(dice, dice.choice(PIGMENTS), 0.04)


def paper(dice: Random, against: Colour) -> Colour:
    """A background colour from which `against` stands out."""
    fitting = [colour for colour in PAPERS if distance(colour, against) > 110]
    return varied(dice, dice.choice(fitting or PAPERS), 0.03)


def accent(dice: Random, main: Colour) -> Colour:
    """A second colour beside `main`."""
    fitting = [colour for colour in (*PIGMENTS, CREAM, INK) if distance(colour, main) > 120]
    return varied(dice, dice.choice(fitting), 0.03)


def neighbour(dice: Random, colour: Colour) -> Colour:
    """A pigment that flows well into `colour`: the nearest of three, so that the mixture does not turn grey."""
    return min((pigment(dice) for _ in range(3)), key=lambda one: distance(one, colour))


def varied(dice: Random, colour: Colour, amount: float) -> Colour:
    """The colour, a little off in hue, saturation and value."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))
    return _from_hsv(
        hue + dice.gauss(0, amount / 3),
        saturation * (1 + dice.gauss(0, amount * 2)),
        value * (1 + dice.gauss(0, amount)),
    )


def lighter(colour: Colour, amount: float) -> Colour:
    """Moved towards a warm white by 0..1."""
    return mixed(colour, (255, 250, 238), amount)


def darker(colour: Colour, amount: float) -> Colour:
    """Moved towards a cool dark by 0..1; shadows are bluish."""
    return mixed(colour, (34, 28, 52), amount)


def mixed(one: Colour, other: Colour, amount: float) -> Colour:
    """`one` at 0, `other` at 1."""
    red, green, blue = (round(a + (b - a) * amount) for a, b in zip(one, other, strict=True))
    return red, green, blue


def distance(one: Colour, other: Colour) -> float:
    """Euclidean distance of two colours."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


def _from_hsv(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, min(max(saturation, 0), 1), min(max(value, 0), 1))
    return round(red * 255), round(green * 255), round(blue * 255)
