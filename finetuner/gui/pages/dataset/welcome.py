"""The first start: a place to drop a folder, and what else one could begin with."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.drop_zone import DropZone

_SHOWN = 4


class Welcome(QWidget):
    """Emits `chosen` with a Path, `asked` when a folder is to be looked for, `sample_wanted` for the sample."""

    chosen = Signal(object)
    asked = Signal()
    sample_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        zone = DropZone(
            self.tr("Drop a folder of photos here"),
            self.tr("One sub-folder for each class. A first model is trained right away."),
        )
        zone.dropped.connect(lambda paths: self.chosen.emit(paths[0]))
        zone.add_button(self._button(self.tr("Open folder…"), "primary", "folder", self.asked))
        zone.add_button(self._button(self.tr("Try the sample"), "", "sample", self.sample_wanted))
        self._recent = QWidget()
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID * 3)
        layout.addWidget(zone, 1)
        layout.addWidget(self._recent)
        layout.addLayout(self._promises())

    def show_recent(self, folders: Sequence[str]) -> None:
        """List the data sets opened before."""
        old, self._recent = self._recent, self._recent_list(folders[:_SHOWN])
        self._recent.setVisible(bool(folders))
        self._column.replaceWidget(old, self._recent)
        old.hide()
        old.deleteLater()

    def _recent_list(self, folders: Sequence[str]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(2)
        grid.addWidget(theme.label(self.tr("Recent"), "heading"), 0, 0, 1, 2)
        for number, folder in enumerate(folders):
            grid.addWidget(self._recent_row(Path(folder)), 1 + number // 2, number % 2)
        for column in range(2):
            grid.setColumnStretch(column, 1)
        return made

    def _recent_row(self, folder: Path) -> QPushButton:
        row: QPushButton = QPushButton(accessibleName=self.tr("Open {}").format(folder), toolTip=str(folder))
        row.setProperty("role", "row")
        row.setFixedHeight(theme.GRID * 6)
        row.clicked.connect(lambda: self.chosen.emit(folder))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        layout.setSpacing(theme.GRID + theme.HALF)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(theme.label(folder.name))
        words.addWidget(theme.label(_short(folder.parent), "small"))
        words.addStretch(1)
        layout.addWidget(_picture("folder"))
        layout.addLayout(words, 1)
        for child in row.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return row

    def _promises(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SECTION)
        for words in (
            self.tr("Your photos stay on this machine; nothing is uploaded."),
            self.tr("Originals are never changed, moved or copied."),
            self.tr("Unreadable files are set aside, each with its reason."),
        ):
            row.addWidget(theme.label(words, "small"))
        row.addStretch(1)
        return row

    def _button(self, words: str, role: str, symbol: str, signal: SignalInstance) -> QPushButton:
        button = theme.button(words, role, symbol)
        button.setMinimumSize(QSize(theme.GRID * 19, 0))
        button.clicked.connect(lambda: signal.emit())
        return button


def _picture(name: str) -> QLabel:
    label = QLabel()
    label.setPixmap(theme.icon(name).pixmap(QSize(theme.ICON, theme.ICON), label.devicePixelRatioF()))
    return label


def _short(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
