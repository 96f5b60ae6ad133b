"""The theme in force: which colours, and how to change them."""

from string import Template
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from finetuner.engine.paths import resources
from finetuner.gui.theme import fonts, sizes
from finetuner.gui.theme.colours import DARK, LIGHT, Colours
from finetuner.gui.theme.palette import palette

Mode = Literal["system", "light", "dark"]
STYLE = "Fusion"
_in_force = [LIGHT]


def colours() -> Colours:
    """The named colours in force."""
    return _in_force[0]


def colour(name: str, alpha: float = 1.0) -> QColor:
    """A named colour for painting, `alpha` from 0 to 1."""
    made = QColor(getattr(colours(), name))
    made.setAlphaF(alpha)
    return made


def apply(app: QApplication, mode: Mode = "system") -> None:
    """Dress any app, in our style. Every widget then gets a PaletteChange event: whoever paints by hand repaints."""
    app.setStyle(STYLE)
    dress(app, mode)


def dress(app: QApplication, mode: Mode = "system") -> None:
    """As `apply`, for an app that was begun with STYLE: to set it again would make all of QStyle's enums."""
    _in_force[0] = _chosen(app, mode)
    fonts.load()
    app.setFont(fonts.font())
    app.setPalette(palette(colours()))
    app.setStyleSheet(_style_sheet(colours()))


def _chosen(app: QApplication, mode: Mode) -> Colours:
    if mode == "system":
        mode = "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"
    return DARK if mode == "dark" else LIGHT


def _style_sheet(colours: Colours) -> str:
    folder = resources() / "style"
    words = {**colours._asdict(), **{f"size_{role}": size for role, size in sizes.TYPE.items()}}
    words |= {"style": folder.as_posix(), "mode": "dark" if colours.dark else "light", "radius": sizes.RADIUS}
    return Template((folder / "finetuner.qss").read_text("utf-8")).substitute(words)
