"""Roles: how a label or button says what it is, so that the style sheet can dress it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from finetuner.gui.theme.icons import icon


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget a role of the style sheet, also after it was shown.

    Labels: title, subtitle, heading, figure, caption, small, caution, good, warning, bad, mono.
    Buttons: primary, quiet, danger; none is the ordinary button. Frames: card, line.
    """
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def plain(text: str) -> str:
    """Words of others on a button, a tab or in a menu, where Qt takes & for the mark of a key."""
    return text.replace("&", "&&")


def label(text: str, role: str = "body", wrap: bool = False) -> QLabel:
    """A label in a role of the type scale."""
    made = QLabel(text)
    made.setWordWrap(wrap)
    made.setProperty("role", role)
    return made


def button(text: str, role: str = "", symbol: str = "") -> QPushButton:
    """A button in a role, with an icon of ours. At most one `primary` is in sight on a page."""
    made = QPushButton(text)
    made.setProperty("role", role)
    if symbol:
        made.setIcon(icon(symbol, _SYMBOL_COLOURS.get(role, "text"), _SYMBOL_COLOURS.get(role, "text")))
        made.setIconSize(_SYMBOL_SIZE)
    return made


# wider than high: the drawing stands left, and the words keep a distance
_SYMBOL_SIZE = QSize(19, 16)
_SYMBOL_COLOURS = {"primary": "on_accent", "danger": "bad", "quiet": "accent"}
