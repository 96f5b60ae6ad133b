"""The named colours, light and dark. Nothing else in the window names a colour by number.

Text on `window` and `surface` keeps a contrast of 4.5 : 1 (`text`, `muted`, the status colours); `faint` is for
what is not read: disabled text, axis ticks, placeholders.
"""

from typing import NamedTuple


class Colours(NamedTuple):
    """One set of named colours, each `#rrggbb`. The single accent marks what can be done next and what is chosen."""

    dark: bool
    window: str  # the page
    rail: str  # the side rail, one step behind the page
    surface: str  # fields, tables, menus: one step before the page
    sunken: str  # tracks of bars, the drop zone, a hovered row
    line: str  # hairlines
    text: str
    muted: str  # second voice: subtitles, labels of figures
    faint: str  # disabled, placeholders
    accent: str
    accent_hover: str
    accent_soft: str  # background of what is selected
    on_accent: str  # text on the accent
    good: str
    good_soft: str
    warning: str
    warning_soft: str
    bad: str
    bad_soft: str
    series: tuple[str, ...]  # curves in a chart, in this order; the first is the accent


LIGHT = Colours(
    dark=False,
    window="#fbfbfa",
    rail="#f1f3f2",
    surface="#ffffff",
    sunken="#eff1f0",
    line="#dfe3e2",
    text="#1a1f20",
    muted="#59635f",
    faint="#8b9593",
    accent="#0f6e84",
    accent_hover="#0b5b6e",
    accent_soft="#dbedf1",
    on_accent="#ffffff",
    good="#24774a",
    good_soft="#e2f2e8",
    warning="#8d5a00",
    warning_soft="#fbf0d9",
    bad="#b0342c",
    bad_soft="#fbe6e3",
    series=("#0f6e84", "#d5732a", "#6d5bb8", "#4b8a3c", "#b8487a", "#8a6d3b"),
)

DARK = Colours(
    dark=True,
    window="#17191a",
    rail="#111314",
    surface="#1f2324",
    sunken="#222728",
    line="#32383a",
    text="#eceff0",
    muted="#a2acae",
    faint="#6d7779",
    accent="#55bcd2",
    accent_hover="#78cddf",
    accent_soft="#173b45",
    on_accent="#06262d",
    good="#6cc290",
    good_soft="#17301f",
    warning="#e2b057",
    warning_soft="#362a12",
    bad="#f0857b",
    bad_soft="#3b1d1a",
    series=("#55bcd2", "#f09a56", "#a596ee", "#86c774", "#e583b0", "#cbab73"),
)
