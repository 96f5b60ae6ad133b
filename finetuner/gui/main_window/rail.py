"""The side rail: one button for each page, steps above, shelf below, and the activity at the foot."""

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
        self.setFixedWidth(theme.RAIL)
        self._group = QButtonGroup(self)
        self._buttons = {key: self._button(key, entry) for key, entry in PAGES.items()}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GRID + theme.HALF, theme.GAP, theme.GRID + theme.HALF, theme.GAP)
        layout.setSpacing(2)
        layout.addLayout(_wordmark())
        layout.addSpacing(theme.GAP)
        self._add_group(layout, "steps")
        layout.addStretch(1)
        layout.addWidget(Activity(session))
        layout.addSpacing(theme.GRID)
        self._add_group(layout, "shelf")

    def select(self, key: str) -> None:
        """Light the page's button."""
        self._buttons[key].setChecked(True)

    def _add_group(self, layout: QVBoxLayout, group: str) -> None:
        for key, entry in PAGES.items():
            if entry.group == group:
                layout.addWidget(self._buttons[key])

    def _button(self, key: str, entry: Entry) -> QPushButton:
        button: QPushButton = QPushButton(QCoreApplication.translate("Pages", entry.title), checkable=True)
        button.setIcon(theme.icon(entry.icon))
        button.setIconSize(QSize(theme.ICON + theme.HALF, theme.ICON))
        button.setProperty("role", "rail")
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        return button


def _wordmark() -> QHBoxLayout:
    mark = QLabel()
    mark.setPixmap(theme.pixmap("mark", theme.GRID * 3))
    row = QHBoxLayout()
    row.setContentsMargins(theme.GRID + 2, theme.HALF, 0, theme.HALF)
    row.setSpacing(theme.GRID)
    row.addWidget(mark)
    row.addWidget(theme.label("Finetuner", "heading"))
    row.addStretch(1)
    return row
