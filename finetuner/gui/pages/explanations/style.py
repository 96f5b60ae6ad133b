"""To play with: a picture painted in the manner of another."""

from pathlib import Path

from PySide6.QtCore import Qt, QTemporaryDir
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import Event, StyleTransferred
from finetuner.engine.explanations.play.best_vgg import NONE_HERE, best_vgg
from finetuner.engine.requests import StyleRequest
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.pages.explanations.errand import Errand
from finetuner.gui.pages.explanations.keeper import Keeper
from finetuner.gui.pages.explanations.photos import SIDE
from finetuner.gui.pages.explanations.style_options import StyleOptions
from finetuner.gui.pages.explanations.well import PictureWell
from finetuner.gui.pages.page import Page
from finetuner.gui.widgets.image_loader import ImageLoader
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.picture_pane import PicturePane
from finetuner.gui.widgets.thumbnail_grid import Picture

_LEFT = theme.GRID * 32


class Style(QWidget):
    """Style transfer in the window; `painted` is what came of it last."""

    def __init__(self, page: Page, keeper: Keeper) -> None:
        super().__init__()
        self.painted: StyleTransferred | None = None
        self.content = PictureWell(self.tr("Picture"), self.tr("What is painted"))
        self.manner = PictureWell(self.tr("Style"), self.tr("Whose manner it takes"))
        self.options = StyleOptions()
        self.errand = Errand(page, self.tr("Paint"), "improve")
        self.result = PicturePane(self.tr("The painted picture"))
        self.sentence = theme.label("", "muted", wrap=True)
        self.save = theme.button(self.tr("Save PNG…"), symbol="download")
        self._keeper, self._folder, self._count = keeper, QTemporaryDir(), 0
        self._suggested: Path | None = None
        self._known = ""
        self._loader = ImageLoader(load_image, self)
        self._connect()
        self._lay_out()
        self._show_state()

    @property
    def network(self) -> str:
        """Through which network it looks: a chosen file's, or the best on this disk; empty without any."""
        chosen = self.options.part.weights
        return chosen.name if chosen else self._known

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
            request = StyleRequest(content=content, style=manner, out=out, **self.options.asked.model_dump())
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
        """Nothing is read before the user comes here; a network may have been downloaded meanwhile."""
        super().showEvent(event)
        found = best_vgg()
        self._known = found.name if found else ""
        self.options.offer_network(self._known)
        self._load_wells()
        self._show_state()

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
        missing = self._missing()
        self.errand.go.setEnabled(not missing)
        self.result.show_hint("" if self.errand.busy else missing or self.tr("Press Paint."))
        for shown in (self.save, self.sentence):
            shown.setVisible(self.painted is not None)
        for part in (self.content, self.manner, self.options, self.options.strength):
            part.setEnabled(not self.errand.busy)

    def _missing(self) -> str:
        """What must be chosen first; empty when all is there."""
        if not self.network:
            step = self.tr("Choose a VGG's weight file below, or download vgg19 on the Backbone page.")
            return f"{self.tr(NONE_HERE)} {step}"
        if self.content.path is None:
            return self.tr("Choose a picture and a style, then press Paint.")
        return "" if self.manner.path is not None else self.tr("Choose a style, then press Paint.")

    def _keep(self) -> None:
        if self.painted is not None:
            self._keeper.keep(Path(self.painted.path))

    def _connect(self) -> None:
        self.options.changed.connect(self._show_state)
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
        for well in (self.content, self.manner):
            well.setFixedWidth(_LEFT)
            left.addWidget(well, 1)
        left.addWidget(self.options.strength)
        foot.addWidget(self.errand, 1)
        foot.addWidget(self.options.more)
        foot.addWidget(self.save)
        right.addWidget(self.result, 1)
        right.addWidget(self.sentence)
        right.addWidget(self.options)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.GAP, 0, 0)
        row.setSpacing(theme.GAP)
        row.addLayout(left)
        row.addLayout(right, 1)
