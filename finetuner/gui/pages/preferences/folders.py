"""Where things lie on this machine, and a way to open each place."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout

from finetuner.engine.paths import cache_dir, data_dir, runs_dir, settings_file
from finetuner.gui import theme
from finetuner.gui.pages.page import Section


class Folders(Section):
    """One row for each place."""

    def __init__(self) -> None:
        super().__init__(QCoreApplication.translate("Folders", "Folders"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.HALF)
        grid.setColumnMinimumWidth(0, theme.GRID * 14)
        grid.setColumnStretch(1, 1)
        places = {
            self.tr("Runs"): runs_dir(),
            self.tr("Data"): data_dir(),
            self.tr("Caches"): cache_dir(),
            self.tr("Preferences"): settings_file().parent,
        }
        for row, (words, place) in enumerate(places.items()):
            path = theme.label(str(place), "muted")
            path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            button = theme.button(self.tr("Show"), "quiet")
            button.setAccessibleName(self.tr("Show the folder {}").format(words))
            button.clicked.connect(partial(show, place))
            for column, widget in enumerate((theme.label(words), path, button)):
                grid.addWidget(widget, row, column)
        self.add(grid)


def show(place: Path) -> None:
    """Open a folder in the system's file manager, making it first if it is not there yet."""
    place.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))
