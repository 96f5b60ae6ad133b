"""The images behind a number: a grid of answers, each of which opens large."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import PredictionRow
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.thumbnail_grid import Picture, ThumbnailGrid
from finetuner.gui.widgets.ticks import write_percent


class Answers(QWidget):
    """`show_answers(heading, rows)`; `left` when the user goes back to the mistakes."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heading = theme.label("", "heading", wrap=True)
        self.note = theme.label("", "small", wrap=True)
        self.back = theme.button(self.tr("All mistakes"), "quiet", "chevron-left")
        self.back.clicked.connect(self.left)
        self.grid = ThumbnailGrid(load_image, side=124)
        self.grid.opened.connect(self._open)
        self.viewer = ImageViewer(load_image, self)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(top)
        layout.addWidget(self.note)
        layout.addWidget(self.grid, 1)

    def show_answers(self, heading: str, note: str, rows: Sequence[PredictionRow], back: bool) -> None:
        """Show these answers; `back` offers the way to the mistakes."""
        self.heading.setText(heading)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.back.setVisible(back)
        self.grid.pictures.replace(_picture(row) for row in rows)
        self.grid.scrollToTop()
        self.grid.setAccessibleName(heading)

    def _open(self, row: int) -> None:
        self.viewer.show_pictures(self.grid.pictures.pictures, row)


def _picture(row: PredictionRow) -> Picture:
    wrong = row.truth is not None and row.truth != row.label
    caption = f"{row.truth} → {row.label}" if wrong else row.label
    return Picture(row.source, caption, write_percent(row.probability), flawed=wrong)
