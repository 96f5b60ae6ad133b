"""Where the model looks, at a pace of its own: Grad-CAM of the newest frame, then of the newest there is then.

The engine's process makes it, so that no answer waits for it; and the heat is shown on the frame it was made for, as
by then there is another one before the camera. It rests as long as it worked: answers need the processor too.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTemporaryDir, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from finetuner.engine.events import Event, Explained, Failed
from finetuner.engine.requests import ExplainRequest
from finetuner.frame_sources.frame import Frame
from finetuner.gui import theme
from finetuner.gui.bridge.images import from_array
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.pages.live.pane import Line
from finetuner.gui.pages.live.stage import Stage
from finetuner.gui.pages.live.viewing import Viewing
from finetuner.gui.session import Session
from finetuner.gui.widgets.ticks import write_percent

METHOD = "grad-cam"


class Heat(QWidget):
    """A place on the wall. `start()`, `stop()`; `closed`: the user has seen enough of it."""

    closed = Signal()
    source = None

    def __init__(self, session: Session, viewing: Viewing, model: Callable[[], Path | None]) -> None:
        super().__init__()
        self._session, self._viewing, self._model = session, viewing, model
        self.stage, self.line = Stage(), Line(self.tr("Grad-CAM"))
        self.stage.show_hint(self.tr("Where the model looks, as soon as it is found."))
        self._folder = QTemporaryDir()
        self._newest: Frame | None = None
        self._worker: Worker | None = None
        self._running = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._ask)
        viewing.drawn.connect(self._on_frame)
        self.line.closed.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(self.stage, 1)
        column.addWidget(self.line)

    def start(self) -> None:
        """Look at the next frame."""
        model = self._model()
        self._running = model is not None and model.is_dir()
        if not self._running:
            self._tell(self.tr("An exported file cannot tell where it looks."), self.tr("Answer with a run."))

    def stop(self) -> None:
        """Look no more."""
        self._running, self._newest = False, None
        self._rest.stop()
        self.stage.fade()
        self.line.clear()
        if self._worker is not None:
            self._worker.stop()

    @property
    def busy(self) -> bool:
        """Whether a frame is under way, or waits."""
        return self._worker is not None or self._newest is not None

    def _on_frame(self, frame: Frame) -> None:
        self._newest = frame
        if self._worker is None and not self._rest.isActive():
            self._ask()

    def _ask(self) -> None:
        run, frame = self._model(), self._newest
        if not self._running or frame is None or run is None or not run.is_dir():
            return
        self._newest = None
        # a bitmap is written at once, and this is the window's thread; packing a PNG takes 15 ms
        image, out = (Path(self._folder.filePath(name)) for name in ("frame.bmp", "heat.png"))
        if not from_array(frame.pixels).save(str(image), "BMP"):
            self._tell(self.tr("The frame could not be handed to the engine."), self.tr("Is the disk full?"))
            return
        request = ExplainRequest(run=run, image=image, method=METHOD, out=out)
        self._worker = self._session.call(request, self._on_event, self._on_end)

    def _on_event(self, event: Event) -> None:
        if not self._running:
            return
        match event:
            case Explained():
                self._show(event)
            case Failed():
                self.stop()
                self._tell(event.sentence, event.next_step)

    def _on_end(self) -> None:
        self._worker = None
        if self._newest is not None and not self._rest.isActive():
            self._ask()

    def _show(self, event: Explained) -> None:
        image = QImage(event.overlay)
        mirrored = self._viewing.stage.mirrored
        self.stage.trouble.hide()
        self.stage.show_image(image.flipped(Qt.Orientation.Horizontal) if mirrored else image)
        self.line.answer.setText(f"{event.label}  {write_percent(event.probability)}")
        self._rest.start(round(event.seconds * 1000))

    def _tell(self, sentence: str, next_step: str) -> None:
        self.stage.show_trouble(sentence, next_step, ((self.tr("Close"), self.closed.emit),))
