"""What the user says of the images behind a run: kept beside the data set, undone and redone step by step."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from finetuner.engine.dataset.corrections import NOTHING, Correction, Corrections, manifest, place_for
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_text
from finetuner.engine.run_store.pinned import PinnedImage
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui.pages.results.exchange import Exchange


class Labels(QObject):
    """The corrections of one run's data set. `changed` after every step; `trouble` when a file refuses."""

    changed = Signal()
    trouble = Signal(str, str)  # sentence, next step

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.corrections = Corrections()
        self.classes: tuple[str, ...] = ()
        self.file: Path | None = None
        self._images: dict[str, PinnedImage] = {}

    def show_run(self, run: Path | None) -> None:
        """Speak of this run's images from now on."""
        self.stack.clear()
        self.corrections, self.classes, self.file, self._images = Corrections(), (), None, {}
        if run is not None:
            try:
                self._read(RunFolder(run))
            except FinetunerError as error:
                self.trouble.emit(error.sentence, error.next_step)
        self.changed.emit()

    def knows(self, source: str) -> bool:
        """Whether this image is one of the run's, so that something can be said of it."""
        return source in self._images and self.file is not None

    def said(self, source: str) -> Correction:
        """What was said of an image so far."""
        return self.corrections.of(self._images[source].content) if source in self._images else NOTHING

    @property
    def pending(self) -> list[PinnedImage]:
        """The images that this run still knows otherwise than they are said to be."""
        return [image for image in self._images.values() if self._differs(image)]

    def relabel(self, sources: Iterable[str], label: str) -> None:
        """These show `label`."""
        self._say(self.tr("label {}").format(label), sources, lambda said: said.model_copy(update={"label": label}))

    def leave_out(self, sources: Iterable[str]) -> None:
        """These are not to be learned from, nor judged by; said again, they are."""
        self._say(self.tr("leave out"), sources, lambda said: said.model_copy(update={"excluded": not said.excluded}))

    def mark_hard(self, sources: Iterable[str]) -> None:
        """These are right, but hard; said again, they are not."""
        self._say(self.tr("mark as hard"), sources, lambda said: said.model_copy(update={"hard": not said.hard}))

    def write_manifest(self, target: Path) -> None:
        """The corrected data set as a table. Raises OSError."""
        write_text(target, manifest(self._images.values(), self.corrections))

    def _read(self, run: RunFolder) -> None:
        data = run.job.data.data
        self.classes = run.classes
        self._images = {image.path: image for image in run.pinned_images() if image.content}
        if data is not None:
            self.file = place_for(data)
            self.corrections = Corrections.load(self.file)

    def _differs(self, image: PinnedImage) -> bool:
        said = self.corrections.of(image.content)
        return said.excluded or said.label not in (None, image.label)

    def _say(self, words: str, sources: Iterable[str], change: Callable[[Correction], Correction]) -> None:
        after = self.corrections
        for source in filter(self.knows, sources):
            content = self._images[source].content
            after = after.changed(content, change(after.of(content)))
        if after != self.corrections:
            self.stack.push(Exchange(words, self.corrections, after, self._hold))

    def _hold(self, corrections: Corrections) -> None:
        self.corrections = corrections
        assert self.file is not None
        try:
            corrections.save(self.file)
        except OSError as error:
            self.trouble.emit(
                self.tr("The corrections could not be kept: {}.").format(error.strerror),
                self.tr("They hold until the window is closed."),
            )
        self.changed.emit()
