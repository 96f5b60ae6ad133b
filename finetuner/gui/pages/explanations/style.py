"""To play with: a picture painted in the manner of another."""

from pathlib import Path

from PySide6.QtCore import Qt, QTemporaryDir
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from finetuner.engine.events import Event, StyleTransferred
from finetuner.engine.requests import StyleRequest
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.pages.explanations.errand import Errand
from finetuner.gui.pages.explanations.keeper import Keeper
from finetuner.gui.pages.explanations.photos import SIDE
from finetuner.gui.pages.explanations.well import PictureWell
from finetuner.gui.pages.page import Page
from finetuner.gui.widgets.image_loader import ImageLoader
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.picture_pane import PicturePane
from finetuner.gui.widgets.thumbnail_grid import Picture

_TENFOLD = 20
"""So many steps of the slider make the style ten times as strong."""
_LEFT = theme.GRID * 32


class Style(QWidget):
    """Style transfer in the window; `painted` is what came of it last."""

    def __init__(self, page: Page, keeper: Keeper) -> None:
        super().__init__()
        self.painted: StyleTransferred | None = None
        self.content = PictureWell(self.tr("Picture"), self.tr("What is painted"))
        self.manner = PictureWell(self.tr("Style"), self.tr("Whose manner it takes"))
        self.slider = QSlider(Qt.Orientation.Horizontal, accessibleName=self.tr("Strength of the style"))
        self.told = theme.label("", "small")
        self.errand = Errand(page, self.tr("Paint"), "improve")
        self.result = PicturePane(self.tr("The painted picture"), self.tr("Choose a style, then press Paint."))
        self.sentence = theme.label("", "muted", wrap=True)
        self.save = theme.button(self.tr("Save PNG…"), symbol="download")
        self._keeper, self._folder, self._count = keeper, QTemporaryDir(), 0
        self._suggested: Path | None = None
        self._loader = ImageLoader(load_image, self)
        self._connect()
        self._lay_out()
        self._show_state()

    @property
    def strength(self) -> float:
        """How much of the style, 0.1 to 10; 1 is a balance."""
        return float(round(10 ** (self.slider.value() / _TENFOLD), 2))

    def suggest(self, photo: Path) -> None:
        """Paint this photo, unless the user has chosen another picture."""
        if self.content.path == self._suggested and not self.errand.busy:
            self._suggested = photo
            self.content.put(photo)

    def paint(self) -> None:
        """Have it painted."""
        content, manner = self.content.path, self.manner.path
        if content is not None and manner is not None:
            self._count += 1
            out = Path(self._folder.filePath(f"{self._count}")) / f"{content.stem}.{manner.stem}.png"
            request = StyleRequest(content=content, style=manner, strength=self.strength, out=out)
            self.errand.start(request, self._on_answer)

    def enlarge(self) -> None:
        """Open the painted picture in the viewer, beside the two it was made of."""
        if self.painted is None:
            return
        files = {
            self.painted.content: self.tr("Picture"),
            self.painted.path: self.tr("Painted"),
            self.painted.style: self.tr("Style"),
        }
        viewer = ImageViewer(load_image, self)
        viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        viewer.show_pictures([Picture(file, told) for file, told in files.items()], 1)

    def close_loader(self) -> None:
        """Stop loading."""
        self._loader.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is read before the user comes here."""
        super().showEvent(event)
        self._load_wells()

    def _on_answer(self, event: Event) -> None:
        match event:
            case StyleTransferred():
                self.painted = event
                self.sentence.setText(event.sentence)
                self.result.setAccessibleDescription(event.sentence)
                self._loader.request(event.path, 0)
        self._show_state()

    def _on_loaded(self, file: str, image: QImage) -> None:
        for well in (self.content, self.manner):
            if str(well.path) == file:
                well.show_image(image)
        if self.painted is not None and self.painted.path == file:
            self.result.show_image(image)

    def _on_chosen(self) -> None:
        if self.isVisible():
            self._load_wells()
        self._show_state()

    def _load_wells(self) -> None:
        for well in (self.content, self.manner):
            if well.path is not None:
                self._loader.request(str(well.path), SIDE)

    def _show_state(self) -> None:
        self.errand.go.setEnabled(self.content.path is not None and self.manner.path is not None)
        self.save.setVisible(self.painted is not None)
        self.told.setText(self.tr("Strength {:g}, 1 is a balance").format(self.strength))
        for part in (self.content, self.manner, self.slider):
            part.setEnabled(not self.errand.busy)

    def _keep(self) -> None:
        if self.painted is not None:
            self._keeper.keep(Path(self.painted.path))

    def _connect(self) -> None:
        self.slider.setRange(-_TENFOLD, _TENFOLD)
        self.slider.setPageStep(_TENFOLD // 4)
        self.slider.valueChanged.connect(self._show_state)
        for well in (self.content, self.manner):
            well.changed.connect(self._on_chosen)
        self.errand.wanted.connect(self.paint)
        self.errand.changed.connect(self._show_state)
        self.result.opened.connect(self.enlarge)
        self.save.clicked.connect(self._keep)
        self._loader.loaded.connect(self._on_loaded)

    def _lay_out(self) -> None:
        left, right, foot = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for column in (left, right):
            column.setSpacing(theme.GRID)
        self.slider.setMinimumHeight(theme.GRID * 3)
        for well in (self.content, self.manner):
            well.setFixedWidth(_LEFT)
            left.addWidget(well, 1)
        left.addWidget(self.told)
        left.addWidget(self.slider)
        foot.addWidget(self.errand, 1)
        foot.addWidget(self.save)
        right.addWidget(self.result, 1)
        right.addWidget(self.sentence)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.GAP, 0, 0)
        row.setSpacing(theme.GAP)
        row.addLayout(left)
        row.addLayout(right, 1)
