"""The images behind a number: a grid of answers, each of which opens large, and can be put right."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import PredictionRow
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.pages.results.fixing import FixBar
from finetuner.gui.pages.results.labels import Labels
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.thumbnail_grid import Picture, ThumbnailGrid
from finetuner.gui.widgets.ticks import write_percent


class Answers(QWidget):
    """`show_answers(heading, rows)`; `left` when the user goes back to the mistakes, `doubted` to see likely errors."""

    left = Signal()
    doubted = Signal()

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.labels = labels
        self.heading = theme.label("", "heading", wrap=True)
        self.note = theme.label("", "small", wrap=True)
        self.doubts = theme.button(self.tr("Likely wrong labels"), "quiet", "search")
        self.doubts.clicked.connect(self.doubted)
        self.back = theme.button(self.tr("All mistakes"), "quiet", "chevron-left")
        self.back.clicked.connect(self.left)
        self.grid = ThumbnailGrid(load_image, side=124)
        self.grid.opened.connect(self._open)
        self.viewer = ImageViewer(load_image, self)
        self.fixing = FixBar(labels, self.selected, around=self)
        self._rows: tuple[PredictionRow, ...] = ()
        self.grid.selectionModel().selectionChanged.connect(self.fixing.refresh)
        labels.changed.connect(self._repaint)
        self._lay_out()

    def show_answers(self, heading: str, note: str, rows: Sequence[PredictionRow], back: bool) -> None:
        """Show these answers; `back` offers the way to the mistakes."""
        self._rows = tuple(rows)
        self.heading.setText(heading)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.back.setVisible(back)
        self.doubts.show()
        self.grid.pictures.replace(self._picture(row) for row in self._rows)
        self.grid.scrollToTop()
        self.grid.setAccessibleName(heading)
        self.fixing.setVisible(any(self.labels.knows(row.source) for row in self._rows))
        self.fixing.refresh()

    def selected(self) -> list[str]:
        """The files of the images that are selected."""
        return [self._rows[row].source for row in self.grid.selected_rows()]

    def _repaint(self) -> None:
        for number, row in enumerate(self._rows):
            self.grid.pictures.change(number, self._picture(row))

    def _open(self, row: int) -> None:
        self.viewer.show_pictures(self.grid.pictures.pictures, row)

    def _picture(self, row: PredictionRow) -> Picture:
        said = self.labels.said(row.source)
        wrong = row.truth is not None and row.truth != row.label
        caption = f"{row.truth} → {row.label}" if wrong else row.label
        if said.excluded:
            return Picture(row.source, self.tr("left out"), dimmed=True)
        if said.label not in (None, row.truth):
            return Picture(row.source, self.tr("now {}").format(said.label), self.tr("corrected"))
        note = self.tr("hard") if said.hard else write_percent(row.probability)
        return Picture(row.source, caption, note, flawed=wrong and not said.hard)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        for button in (self.doubts, self.back):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(top)
        layout.addWidget(self.note)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.fixing)
