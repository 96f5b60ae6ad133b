"""Which image of several is looked at, and a way to the next."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.live.stills import Stills
from finetuner.gui.widgets.tool_button import tool_button


class Steps(QWidget):
    """In sight only while there are stills. The arrow keys work anywhere on `page`."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._stills: Stills | None = None
        self._shortcuts: list[QShortcut] = []
        self.caption = theme.label("", "muted")
        self.buttons = (
            tool_button("chevron-left", self.tr("Previous image (←)"), lambda: self.go(-1)),
            tool_button("chevron-right", self.tr("Next image (→)"), lambda: self.go(1)),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.caption, 1)
        for button, key, step in zip(self.buttons, (Qt.Key.Key_Left, Qt.Key.Key_Right), (-1, 1), strict=True):
            row.addWidget(button)
            shortcut = QShortcut(QKeySequence(key), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.go(step))
            self._shortcuts.append(shortcut)
        self.follow(None)

    def follow(self, stream: object) -> None:
        """Lead through these images; anything else has no steps."""
        self._stills = stream if isinstance(stream, Stills) else None
        self.caption.clear()
        self.setVisible(self._stills is not None)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(self._stills is not None)
        for button in self.buttons:
            button.setVisible(self._stills is not None and len(self._stills.paths) > 1)

    def go(self, step: int) -> None:
        """Move on."""
        if self._stills is not None:
            self._stills.go(step)
