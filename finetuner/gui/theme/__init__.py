"""How the window looks: named colours, sizes, type, icons, the style sheet. Knows nothing of Finetuner.

    colours    LIGHT and DARK: every colour has a name (window, surface, text, muted, accent, good, ...)
    sizes      the 8-pixel grid (GRID, GAP, SECTION, MARGIN) and the type scale (TYPE)
    current    apply(app, "system" | "light" | "dark"), dress; colours() and colour("accent", alpha) for painting
    fonts      font("body") for painting; the faces are in resources/fonts, figures are tabular
    icons      icon("folder") for buttons, paint(painter, name, rect, colour) for hand-painted widgets
    roles      label("Results", "title"), button("Train", "primary", "play"), set_role(widget, "bad")

A new icon is a 24 by 24 SVG of round 1.7-pixel strokes in `currentColor`, in resources/icons. A new look for a
kind of widget is a rule in resources/style/finetuner.qss; it names colours as `$accent`. A widget that paints by
hand asks for its colours while painting, never before, and so follows a change of theme.
"""

from finetuner.gui.theme.current import STYLE, apply, colour, colours, dress
from finetuner.gui.theme.fonts import font
from finetuner.gui.theme.icons import icon, paint, pixmap
from finetuner.gui.theme.roles import button, label, plain, set_role
from finetuner.gui.theme.sizes import (
    CONTROL,
    GAP,
    GRID,
    HALF,
    ICON,
    MARGIN,
    NARROW_RAIL,
    RADIUS,
    RAIL,
    READING,
    ROW,
    SECTION,
    TYPE,
)

__all__ = [
    "CONTROL",
    "GAP",
    "GRID",
    "HALF",
    "ICON",
    "MARGIN",
    "NARROW_RAIL",
    "RADIUS",
    "RAIL",
    "READING",
    "ROW",
    "SECTION",
    "STYLE",
    "TYPE",
    "apply",
    "button",
    "colour",
    "colours",
    "dress",
    "font",
    "icon",
    "label",
    "paint",
    "pixmap",
    "plain",
    "set_role",
]
