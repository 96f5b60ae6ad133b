"""How training images are varied, shown on one of the user's own."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import Event, PreviewMade
from finetuner.engine.job import AugmentationPart, Job
from finetuner.engine.requests import PreviewRequest
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.forms import PartForm
from finetuner.gui.session import Session
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.picture_strip import PictureStrip
from finetuner.gui.widgets.thumbnail_grid import Picture

SHOWN = 6


class AugmentationPanel(QWidget):
    """A form and a strip of previews; `change(options)` is called with what the user changed."""

    def __init__(self, session: Session, change: Callable[[dict[str, object]], object]) -> None:
        super().__init__()
        self._session = session
        self._asked: tuple[str, int] | None = None
        self._number = 0
        self._folder = TemporaryDirectory(prefix="finetuner-preview-", ignore_cleanup_errors=True)
        self.destroyed.connect(self._folder.cleanup)
        self.form = PartForm(AugmentationPart)
        self.form.changed.connect(change)
        self.strip = PictureStrip(SHOWN, self.tr("Augmented versions of one image"))
        self.strip.opened.connect(self._open)
        self.viewer = ImageViewer(load_image, self)
        self.note = theme.label("", "small", wrap=True)
        self.another = theme.button(self.tr("Another image"), "quiet", "refresh")
        self.another.clicked.connect(self._next_image)
        self._paths: tuple[str, ...] = ()
        self._lay_out()

    def show_job(self, job: Job) -> None:
        """Show the draft's augmentation, and ask for a preview of it."""
        self.form.show_values(job.augmentation)
        self._ask(job)

    def _ask(self, job: Job) -> None:
        images = self._session.dataset.images
        self.another.setVisible(len(images) > 1)
        if not images:
            self.note.setText(self.tr("Open a data set to see this on one of your own images."))
            return
        wanted = (job.augmentation.augmentation, self._number)
        if wanted == self._asked:
            return
        self._asked = wanted
        image = Path(images[self._number * 37 % len(images)].path)
        folder = Path(self._folder.name) / f"{wanted[0]}-{wanted[1]}"
        request = PreviewRequest(image=image, augmentation=wanted[0], folder=folder, count=SHOWN, seed=self._number)
        self._session.call(request, lambda event: self._on_event(wanted, event))

    def _on_event(self, wanted: tuple[str, int], event: Event) -> None:
        if wanted == self._asked and isinstance(event, PreviewMade):
            self._paths = event.images[:SHOWN]
            self.strip.show_images([load_image(path, 0) for path in self._paths])
            self.note.setText(self.tr("First the image as the network sees it, then as training varies it."))

    def _next_image(self) -> None:
        self._number += 1
        self._ask(self._session.job)

    def _open(self, number: int) -> None:
        self.viewer.show_pictures([Picture(path, Path(path).stem) for path in self._paths], number)

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(theme.label(self.tr("Augmentation"), "heading"), 1)
        heading.addWidget(self.another)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID + theme.HALF)
        layout.addLayout(heading)
        layout.addWidget(self.strip)
        layout.addWidget(self.note)
        layout.addWidget(self.form)
