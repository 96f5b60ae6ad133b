"""What is looked at, and with which model."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.live.asking import Asking
from finetuner.gui.pages.live.choice import Choice
from finetuner.gui.pages.live.intake import MODEL_SUFFIX
from finetuner.gui.pages.live.sources import Source


class Setup(QWidget):
    """The choices beside the stage; `files` carries the files somebody picked, `changed` says another choice counts."""

    changed = Signal()
    files = Signal(list)
    mirrored = Signal(bool)

    def __init__(self, asking: Asking) -> None:
        super().__init__()
        self.source = Choice(
            self.tr("Source"),
            (
                (self.tr("Video file…"), self.ask_for_video),
                (self.tr("Images…"), self.ask_for_images),
                (self.tr("Part of the screen…"), asking.screen),
                (self.tr("A window…"), asking.window),
                (self.tr("Camera at an address…"), asking.address),
            ),
        )
        self.source.setPlaceholderText(self.tr("No camera"))
        self.model = Choice(self.tr("Model"), ((self.tr("Exported model (.onnx)…"), self.ask_for_model),))
        self.mirror: QCheckBox = QCheckBox(self.tr("Mirror the picture"))
        self.mirror.setToolTip(self.tr("Only what you see is mirrored, not what the model sees."))
        self.mirror.toggled.connect(self.mirrored)
        for choice in (self.source, self.model):
            choice.chosen.connect(lambda _thing: self.changed.emit())
        self._opened: list[Source] = []
        self._fill()

    def offer_cameras(self, cameras: Sequence[Source]) -> None:
        """List the cameras there are, and what was opened; keep the choice while it is there."""
        there = [*cameras, *self._opened]
        current = self.source.current if self.source.current in there else next(iter(there), None)
        self.source.offer([(source.words, source) for source in there], current)

    def add_source(self, source: Source) -> None:
        """A file was opened: choose it."""
        known = [thing for _, thing in self.source.things if isinstance(thing, Source) and thing != source]
        self._opened = [source, *(one for one in self._opened if one != source)]
        self.source.offer([(one.words, one) for one in (*known, source)], source)

    def add_model(self, words: str, model: Path) -> None:
        """There is another model: choose it."""
        known = [(name, thing) for name, thing in self.model.things if thing != model]
        self.model.offer([*known, (words, model)], model)

    def forget_runs(self) -> None:
        """Runs are not offered any more, wherever their folders are by now; opened files are."""
        kept = [(words, thing) for words, thing in self.model.things if _is_opened_file(thing)]
        current = self.model.current if self.model.current in [thing for _, thing in kept] else None
        self.model.offer(kept, current)

    def ask_for_video(self) -> None:
        """Ask for a video."""
        kinds = self.tr("Videos (*.mp4 *.mov *.webm *.mkv *.avi *.m4v *.mjpeg);;All files (*)")
        self._ask(lambda: [QFileDialog.getOpenFileName(self, self.tr("Choose a video"), str(Path.home()), kinds)[0]])

    def ask_for_images(self) -> None:
        """Ask for images."""
        self._ask(lambda: QFileDialog.getOpenFileNames(self, self.tr("Choose images"), str(Path.home()))[0])

    def ask_for_model(self) -> None:
        """Ask for an exported model."""
        kinds = self.tr("Models (*.onnx)")
        self._ask(lambda: [QFileDialog.getOpenFileName(self, self.tr("Choose a model"), str(Path.home()), kinds)[0]])

    def _ask(self, ask: Callable[[], Sequence[str]]) -> None:
        if chosen := [Path(name) for name in ask() if name]:
            self.files.emit(chosen)

    def _fill(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        for words, field in ((self.tr("Source"), self.source), (self.tr("Model"), self.model)):
            column.addWidget(theme.label(words, "heading"))
            column.addWidget(field)
            if field is self.source:
                column.addWidget(self.mirror)
            column.addSpacing(theme.GRID)


def _is_opened_file(model: object) -> bool:
    return isinstance(model, Path) and model.suffix.lower() == MODEL_SUFFIX
