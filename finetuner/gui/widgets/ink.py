"""The inks a widget paints with: the theme's colours as QColor, and what is mixed from them."""

from functools import cache
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont

from finetuner.gui import theme


class Ink(NamedTuple):
    """Named colours of the theme in force. Ask while painting, never before: the theme may change."""

    text: QColor
    muted: QColor
    faint: QColor
    line: QColor
    surface: QColor
    sunken: QColor
    accent: QColor
    on_accent: QColor
    good: QColor
    warning: QColor
    bad: QColor
    series: tuple[QColor, ...]


def ink() -> Ink:
    """The inks of this moment."""
    now = theme.colours()
    names = [name for name in Ink._fields if name != "series"]
    named = {name: QColor(getattr(now, name)) for name in names}
    return Ink(**named, series=tuple(QColor(name) for name in now.series))


def mix(under: QColor, over: QColor, share: float) -> QColor:
    """`share` (0..1) of `over` laid on `under`; opaque."""
    red, green, blue = (low + (high - low) * share for low, high in zip(_parts(under), _parts(over), strict=True))
    return QColor.fromRgbF(red, green, blue)


def readable_on(fill: QColor) -> QColor:
    """Near-black or white, whichever reads better on `fill` (relative luminance of WCAG 2)."""
    red, green, blue = (_linear(part) for part in _parts(fill))
    return QColor("#12161c") if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.22 else QColor("white")


@cache
def font(role: str = "body", bold: bool = False) -> QFont:
    """The theme's font of a role with figures of equal width, so that numbers do not dance. Shared: never changed."""
    made = theme.font(role)
    made.setFeature(QFont.Tag("tnum"), 1)
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def _parts(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
