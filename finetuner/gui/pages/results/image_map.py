"""The run's images on a plane, near each other those that the network sees alike; a group is chosen and put right."""

from html import escape

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import Embedded, MappedImage, PredictionRow
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.pages.results.labels import Labels
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.scatter import Dot, Scatter
from finetuner.gui.widgets.thumbnail_grid import Picture
from finetuner.gui.widgets.ticks import write_percent
from finetuner.gui.widgets.wheel import calm


class ImageMap(QWidget):
    """`wanted` when the user asks for it; then `show_map`. `chosen(rows)`: a group was selected, as answers."""

    wanted = Signal()
    chosen = Signal(object)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.labels = labels
        self.points: tuple[MappedImage, ...] = ()
        self._told = ""
        self.draw = theme.button(self.tr("Draw the map"), "", "refresh")
        self.draw.clicked.connect(self.wanted)
        self.colour = calm(QComboBox(accessibleName=self.tr("Colour")))
        self.colour.addItems([self.tr("By class"), self.tr("Right or wrong")])
        self.colour.currentIndexChanged.connect(self._show)
        self.words = theme.label("", "small", wrap=True)
        waiting = self.tr("Near each other lie images that the network sees alike: groups within a class, and strays.")
        self.scatter = Scatter(self.tr("Map of the images"), load_image, waiting)
        self.scatter.opened.connect(self._open)
        self.scatter.chosen.connect(self._choose)
        self.viewer = ImageViewer(load_image, self)
        labels.changed.connect(self._show)
        self._lay_out()
        self.forget()

    def forget(self) -> None:
        """Another run is shown."""
        self.points, self._told = (), ""
        self._show()

    def show_map(self, found: Embedded) -> None:
        """Draw this one."""
        self.points = found.points
        self._told = self._in_words(found)
        self._show()

    def rows(self, chosen: list[int]) -> list[PredictionRow]:
        """Some of the images as answers."""
        points = [self.points[row] for row in chosen]
        return [
            PredictionRow(source=point.path, label=point.answer, probability=point.probability, truth=point.label)
            for point in points
        ]

    def _show(self) -> None:
        by_class = self.colour.currentIndex() == 0
        classes = list(dict.fromkeys([*self.labels.classes, *(point.label for point in self.points)]))
        groups = classes if by_class else [self.tr("right"), self.tr("wrong")]
        places = np.array([(point.x, point.y) for point in self.points]).reshape(-1, 2)
        dots = [self._dot(point, classes if by_class else None) for point in self.points]
        colours = () if by_class else ("accent", "bad")
        self.scatter.show_dots(dots, places, groups, colours)
        self.words.setText(" ".join([self._told, *map(_coloured, groups, colours)]) if self.points else "")

    def _dot(self, point: MappedImage, classes: list[str] | None) -> Dot:
        said = self.labels.said(point.path)
        label = said.label or point.label
        group = classes.index(label) if classes and label in classes else int(label != point.answer)
        part = self.tr("training") if point.split == "train" else self.tr("validation")
        answer = label if label == point.answer else f"{label} → {point.answer}"
        return Dot(point.path, f"{answer}, {part}", group, strong=point.split == "val", gone=said.excluded)

    def _in_words(self, found: Embedded) -> str:
        told = self.tr("Large dots are validation images, small ones training images.")
        if found.explained is not None:
            share = write_percent(found.explained)
            axes = self.tr("PCA: two axes that hold {} of the variance; neighbours are being arranged.").format(share)
            return f"{told} {axes}"
        near = self.tr("Arranged by neighbours (t-SNE): who is near whom counts, not how far apart groups lie.")
        return f"{told} {near}"

    def _open(self, row: int) -> None:
        dot = self.scatter.dots[row]
        self.viewer.show_pictures([Picture(dot.key, dot.caption)], 0)

    def _choose(self, rows: list[int]) -> None:
        self.chosen.emit(self.rows(rows))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        hint = self.tr("Draw around a group to choose it. Wheel: zoom, right button: move.")
        top.addWidget(theme.label(hint, "small", wrap=True), 1)
        top.addWidget(self.colour)
        top.addWidget(self.draw)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(top)
        layout.addWidget(self.scatter, 1)
        layout.addWidget(self.words)


def _coloured(name: str, colour: str) -> str:
    """The name of a group in the colour of its dots."""
    return f'<span style="color:{theme.colour(colour).name()}">●&nbsp;{escape(name)}</span>'
