"""What the user brings: files dropped or chosen, a picture pasted, a name typed; it becomes a source or a model."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from finetuner.engine.errors import FinetunerError
from finetuner.gui.pages.live.sources import Source, Sources

MODEL_SUFFIX = ".onnx"


class Intake(QObject):
    """`source(Source)` and `model(Path)`: look at it, answer with it. `refused(FinetunerError)`: it is neither."""

    source = Signal(object)
    model = Signal(object)
    refused = Signal(object)

    def __init__(self, sources: Sources, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sources = sources

    def use(self, paths: Sequence[Path]) -> None:
        """An .onnx is a model; a video, images or a folder are a source."""
        if paths[0].suffix.lower() == MODEL_SUFFIX:
            self.model.emit(paths[0])
        else:
            self._find(lambda: self._sources.images(paths) if paths[1:] else self._sources.file(paths[0]))

    def use_named(self, text: str) -> None:
        """A source as the command line names it: `screen:0:…`, `window:TITLE`, `rtsp://…`."""
        self._find(lambda: self._sources.named(text))

    def paste(self) -> None:
        """What is on the clipboard: a picture, or files."""
        clipboard = QGuiApplication.clipboard()
        content = clipboard.mimeData()
        paths = [Path(url.toLocalFile()) for url in content.urls() if url.isLocalFile()] if content else []
        if paths:
            self.use(paths)
        else:
            self._find(lambda: self._pasted(clipboard.image()))

    def _pasted(self, image: QImage) -> Source:
        if image.isNull():
            raise FinetunerError(self.tr("There is no picture on the clipboard."), self.tr("Copy one, then paste it."))
        return self._sources.pasted(image)

    def _find(self, find: Callable[[], Source]) -> None:
        try:
            found = find()
        except FinetunerError as error:
            self.refused.emit(error)
        else:
            self.source.emit(found)
