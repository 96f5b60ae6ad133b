"""A small button with an icon and a name for those who hover or listen."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from finetuner.gui import theme


def tool_button(symbol: str, name: str, slot: Callable[[], object]) -> QToolButton:
    """A flat button with an icon of the theme; `slot` is called without arguments."""
    button = QToolButton()
    button.setIcon(theme.icon(symbol))
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: slot())
    return button
