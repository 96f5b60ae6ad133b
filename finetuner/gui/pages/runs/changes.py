"""The images whose answer changed from one run to the other."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.evaluation.comparison import Change, Comparison
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.thumbnail_grid import Picture, ThumbnailGrid
from finetuner.gui.widgets.ticks import write_percent

SIDE = 104


class Changes(QWidget):
    """Left what only A names rightly, right what only B does; each opens large."""

    def __init__(self) -> None:
        super().__init__()
        self.lost, self.won = _Side(), _Side()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, theme.GRID, 0, 0)
        layout.setSpacing(theme.SECTION)
        for side in (self.lost, self.won):
            layout.addWidget(side, 1)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the images of these."""
        lost, won = comparison.lost, comparison.won
        self.lost.show_changes(self.tr("A is right, B is wrong: {:,}").format(len(lost)), lost, wrong=1)
        self.won.show_changes(self.tr("A is wrong, B is right: {:,}").format(len(won)), won, wrong=0)


class _Side(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heading = theme.label("", "strong")
        self.grid = ThumbnailGrid(load_image, side=SIDE)
        self.grid.opened.connect(self._open)
        self.grid.clicked.connect(lambda index: self._open(index.row()))  # there is nothing else to do with one
        self.viewer = ImageViewer(load_image, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.HALF)
        layout.addWidget(self.heading)
        layout.addWidget(self.grid, 1)

    def show_changes(self, heading: str, changes: Sequence[Change], wrong: int) -> None:
        self.heading.setText(heading)
        self.grid.setAccessibleName(heading)
        self.grid.pictures.replace(_picture(change, wrong) for change in changes)
        self.grid.scrollToTop()

    def _open(self, row: int) -> None:
        self.viewer.show_pictures(self.grid.pictures.pictures, row)


def _picture(change: Change, wrong: int) -> Picture:
    """`truth → wrong answer`, with how sure the one that errs was."""
    erring = change[wrong]
    return Picture(change[1].source, f"{change[1].truth} → {erring.label}", write_percent(erring.probability))
