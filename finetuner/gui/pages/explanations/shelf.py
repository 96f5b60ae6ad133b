"""The gallery under its heading: which of the validation images are shown."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.explanations.gallery import Gallery, Wanted
from finetuner.gui.widgets.wheel import calm


class Shelf(QWidget):
    """`show_run(run)`, `open_files(paths)`; the gallery tells what is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.gallery = Gallery()
        self.filter = calm(QComboBox(accessibleName=self.tr("Which validation images")))
        self.filter.setMinimumWidth(theme.GRID * 14)
        self.filter.currentIndexChanged.connect(lambda: self.gallery.show_only(self.filter.currentData()))
        self._hint = theme.label(self.tr("Ctrl or Shift chooses several"), "small")
        self._lay_out()

    def show_run(self, run: Path) -> None:
        """Show this run's validation images, and choose the first."""
        self.gallery.show_run(run)
        told = {"all": self.tr("All"), "wrong": self.tr("Wrong"), "right": self.tr("Right")}
        counts = self.gallery.counts()
        self.filter.blockSignals(True)
        self.filter.clear()
        for wanted in get_args(Wanted):
            self.filter.addItem(f"{told[wanted]}  ·  {counts[wanted]:,}", wanted)
        self.filter.blockSignals(False)

    def open_files(self, paths: Sequence[Path], at_most: int) -> None:
        """Put these in front, and choose them."""
        self.gallery.open_files(paths, at_most)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(theme.label(self.tr("Validation images"), "heading"))
        head.addWidget(self.filter)
        head.addStretch(1)
        head.addWidget(self._hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(head)
        column.addWidget(self.gallery)
