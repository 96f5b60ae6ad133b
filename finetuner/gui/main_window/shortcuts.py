"""The keys of the window, in one table: what is bound and what the sheet (F1) lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence, QShortcut

from finetuner.gui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QWidget

SHORTCUTS: dict[str, str] = {
    "Ctrl+O": "Open a folder of images",
    "Ctrl+Return": "Train",
    "Ctrl+,": "Preferences",
    "F1": "This sheet",
}
_ELSEWHERE: dict[str, str] = {
    "Ctrl+1 … Ctrl+9": "Go to a page",
    "Arrows": "Move among images",
    "Space": "Look at an image large",
    "Ctrl+V": "Live: look at what is on the clipboard",
    "P  ,  .": "Live: pause a video, step by a frame",
    "Esc": "Close what lies on top",
}


def bind(window: QWidget, slots: dict[str, Callable[[], object]], pages: list[Callable[[], object]]) -> None:
    """Bind the keys of SHORTCUTS to `slots`, and Ctrl+1 ... Ctrl+9 to `pages`."""
    keys = {key: slots[key] for key in SHORTCUTS}
    keys |= {f"Ctrl+{number}": slot for number, slot in enumerate(pages[:9], 1)}
    for key, slot in keys.items():
        QShortcut(QKeySequence(key), window, slot)


def sheet(parent: QWidget) -> QDialog:
    """The list of keys."""
    from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout

    dialog = QDialog(parent)
    dialog.setWindowTitle(QCoreApplication.translate("Shortcuts", "Keyboard"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.SECTION)
    grid.setVerticalSpacing(theme.GRID)
    for row, (key, words) in enumerate((SHORTCUTS | _ELSEWHERE).items()):
        grid.addWidget(theme.label(key, "strong"), row, 0)
        grid.addWidget(theme.label(QCoreApplication.translate("Shortcuts", words)), row, 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(theme.MARGIN, theme.SECTION, theme.MARGIN, theme.GAP)
    layout.setSpacing(theme.SECTION)
    layout.addLayout(grid)
    layout.addWidget(buttons)
    return dialog
