"""A row of the board in the viewer: the photo and all that methods made of it, each with every pixel."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Explained
from finetuner.gui.bridge.images import from_pillow, load_image
from finetuner.gui.pages.explanations import words
from finetuner.gui.pages.explanations.look import Look, rendered
from finetuner.gui.pages.explanations.photos import Photo
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.thumbnail_grid import Picture


def enlarge(parent: QWidget, photo: Photo, made: Sequence[Explained], look: Look, first: Explained | None) -> None:
    """Open the viewer on `first` of what was `made` of the photo, or on the photo itself; arrows lead to the others."""
    shown = {explained.overlay: explained for explained in made}
    pictures = [Picture(str(photo.path), photo.caption), *(_picture(explained) for explained in made)]
    row = 1 + list(shown).index(first.overlay) if first is not None else 0

    def load(key: str, side: int) -> QImage:
        return _read(shown[key], look) if key in shown else load_image(key, side)

    viewer = ImageViewer(load, parent)
    viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    viewer.show_pictures(pictures, row)


def _picture(explained: Explained) -> Picture:
    said = f"{words.title(explained.method)}  ·  {words.answer(explained)}"
    return Picture(explained.overlay, said, Path(explained.image).name)


def _read(explained: Explained, look: Look) -> QImage:
    try:
        return from_pillow(rendered(explained, look))
    except (FinetunerError, OSError):
        return QImage()
