"""The side rail: one button for each page, steps above, shelf below, and the activity at the foot.

In a narrow window it shows its icons alone, and leaves the room to the page.
"""

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.main_window.activity import Activity
from finetuner.gui.pages import PAGES, Entry
from finetuner.gui.session import Session


class Rail(QWidget):
    """Emits `chosen` with the key of the page whose button was pressed."""

    chosen = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(objectName="rail")
        self._narrow = False
        self._name, self._activity = theme.label("Finetuner", "heading"), Activity(session)
        self.setFixedWidth(theme.RAIL)
        self._group = QButtonGroup(self)
        self._buttons = {key: self._button(key, entry) for key, entry in PAGES.items()}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GRID + theme.HALF, theme.GAP, theme.GRID + theme.HALF, theme.GAP)
        layout.setSpacing(2)
        layout.addLayout(self._wordmark())
        layout.addSpacing(theme.GAP)
        self._add_group(layout, "steps")
        layout.addStretch(1)
        layout.addWidget(self._activity)
        layout.addSpacing(theme.GRID)
        self._add_group(layout, "shelf")

    def select(self, key: str) -> None:
        """Light the page's button."""
        self._buttons[key].setChecked(True)

    def narrow(self, narrow: bool) -> None:
        """Show icons alone, whose words come as tips; or words as well."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.setFixedWidth(theme.NARROW_RAIL if narrow else theme.RAIL)
        for words in (self._name, self._activity.words):
            words.setHidden(narrow)
        for button in self._buttons.values():
            button.setText("" if narrow else button.accessibleName())
            button.setToolTip(button.accessibleName() if narrow else "")

    def _add_group(self, layout: QVBoxLayout, group: str) -> None:
        for key, entry in PAGES.items():
            if entry.group == group:
                layout.addWidget(self._buttons[key])

    def _button(self, key: str, entry: Entry) -> QPushButton:
        title = QCoreApplication.translate("Pages", entry.title)
        button: QPushButton = QPushButton(title, checkable=True, accessibleName=title)
        button.setIcon(theme.icon(entry.icon))
        button.setIconSize(QSize(theme.ICON + theme.HALF, theme.ICON))
        button.setProperty("role", "rail")
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        return button

    def _wordmark(self) -> QHBoxLayout:
        mark = QLabel()
        mark.setPixmap(theme.pixmap("mark", theme.GRID * 3))
        row = QHBoxLayout()
        row.setContentsMargins(theme.GRID + 2, theme.HALF, 0, theme.HALF)
        row.setSpacing(theme.GRID)
        row.addWidget(mark)
        row.addWidget(self._name)
        row.addStretch(1)
        return row
