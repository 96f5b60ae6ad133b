"""The original and, beside it, the same picture under the map; how strong the map is can be chosen."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QSlider, QStackedWidget, QVBoxLayout, QWidget

from finetuner.engine.events import Explained
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.pages.explanations import words
from finetuner.gui.widgets.image_loader import ImageLoader
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.picture_pane import PicturePane
from finetuner.gui.widgets.progress_line import ProgressLine
from finetuner.gui.widgets.thumbnail_grid import Picture

_SIDE = 1600
_STRENGTH = 100


class Comparison(QWidget):
    """`show_original(path)`, then `show_explained(event)`. Either picture opens large."""

    def __init__(self) -> None:
        super().__init__()
        self.original = PicturePane(self.tr("Original"), self.tr("Choose an image below, or drop one here."))
        self.map = PicturePane(self.tr("Explanation"))
        self.strength = QSlider(Qt.Orientation.Horizontal, accessibleName=self.tr("Strength of the overlay"))
        self.sentence = theme.label("", "muted", wrap=True)
        self.progress = ProgressLine()
        self._path = ""
        self._layer = QImage()
        self._captions = (_caption(self.tr("Original")), _caption(""))
        self._foot = QStackedWidget()
        self._loader = ImageLoader(load_image, self)
        self._loader.loaded.connect(self._on_loaded)
        self.strength.valueChanged.connect(lambda percent: self.map.set_opacity(percent / 100))
        self.strength.setRange(0, 100)
        self.strength.setValue(_STRENGTH)
        self.original.opened.connect(lambda: self._enlarge(0))
        self.map.opened.connect(lambda: self._enlarge(1))
        self._arrange()

    def show_original(self, path: Path, caption: str) -> None:
        """Show another image; its explanation is not known yet."""
        self._captions[0].setText(caption)
        if str(path) != self._path:
            self._path = str(path)
            self.forget_map()
            self._loader.request(self._path, _SIDE)

    def show_activity(self, activity: str) -> None:
        """An explanation is being made: something moves."""
        self.progress.show_progress(activity)
        self._foot.setCurrentWidget(self.progress)

    def rest(self) -> None:
        """Nothing is being made any more."""
        self.progress.finish()
        self._foot.setCurrentWidget(self.sentence)

    def show_explained(self, event: Explained) -> None:
        """Lay the map over the image, and say what it means."""
        self._layer = QImage(event.overlay)
        self.map.show_image(self.original.image, self._layer)
        title = words.title(event.method)
        self._captions[1].setText(f"{title}  ·  {event.label}  {100 * event.probability:.1f} %")
        self.sentence.setText(words.meaning(event.method, event.label, event.layer))
        self.map.setAccessibleName(self.tr("{} for {}").format(title, event.label))
        self.map.setAccessibleDescription(self.sentence.text())

    def forget_map(self) -> None:
        """The map at hand belongs to another question."""
        self._layer = QImage()
        self.map.show_image(QImage())
        self._captions[1].setText("")
        self.sentence.clear()

    def close_loader(self) -> None:
        """Stop loading."""
        self._loader.close()

    def _on_loaded(self, key: str, image: QImage) -> None:
        if key == self._path:
            self.original.show_hint(self.tr("This file cannot be read as an image."))
            self.original.show_image(image)
            if not self._layer.isNull():
                self.map.show_image(image, self._layer)

    def _enlarge(self, row: int) -> None:
        composed = self.map.composed() if not self.map.image.isNull() else self.original.image
        pictures = [Picture(self._path, self._captions[0].text()), Picture("", self._captions[1].text())]
        viewer = ImageViewer(lambda key, side: load_image(key, side) if key else composed, self)
        viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        viewer.show_pictures(pictures if not self.map.image.isNull() else pictures[:1], row)

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.GRID)
        for column, pane in enumerate((self.original, self.map)):
            grid.addWidget(self._captions[column], 0, column)
            grid.addWidget(pane, 1, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)
        for part in (self.sentence, self.progress):
            self._foot.addWidget(part)
        self._foot.setFixedHeight(theme.GRID * 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(grid, 1)
        layout.addWidget(self._foot)


def _caption(text: str) -> QLabel:
    made = theme.label(text, "strong")
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return made
