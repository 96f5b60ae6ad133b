"""Named colours as a QPalette. Fusion also draws with Light, Mid and Dark: unset, they vanish on a dark window."""

from PySide6.QtGui import QColor, QPalette

from finetuner.gui.theme.colours import Colours

_ROLES = {
    "Window": "window",
    "WindowText": "text",
    "Base": "surface",
    "AlternateBase": "sunken",
    "Text": "text",
    "PlaceholderText": "faint",
    "Button": "surface",
    "ButtonText": "text",
    "BrightText": "bad",
    "Highlight": "accent",
    "HighlightedText": "on_accent",
    "Accent": "accent",
    "Link": "accent",
    "LinkVisited": "accent_hover",
    "ToolTipBase": "surface",
    "ToolTipText": "text",
    "Light": "surface",
    "Midlight": "sunken",
    "Mid": "line",
    "Dark": "faint",
    "Shadow": "line",
}
_DISABLED = ("WindowText", "Text", "ButtonText", "HighlightedText")


def palette(colours: Colours) -> QPalette:
    """The Fusion palette of a set of colours."""
    made = QPalette()
    for role, name in _ROLES.items():
        made.setColor(QPalette.ColorRole[role], QColor(getattr(colours, name)))
    for role in _DISABLED:
        made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole[role], QColor(colours.faint))
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor(colours.line))
    return made
