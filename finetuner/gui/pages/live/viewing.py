"""A source being looked at: its frames are answered and drawn, until it is stopped."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed, Progress
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.frame_sources.frame import Frame
from finetuner.gui.bridge.live import Answered
from finetuner.gui.pages.live.answerer import Answerer
from finetuner.gui.pages.live.sources import FrameStream, Source
from finetuner.gui.pages.live.stage import Stage

TOGETHER_MS = 20
"""A frame is drawn with its answer, but not later than this: a slow model does not make the picture slow."""


class Display(Protocol):
    """Where answers are told: the panel beside the picture, or a line below a smaller one."""

    def show_answer(self, answer: LiveAnswer, wanted: Callable[[], bool]) -> bool:
        """The newest answer, if it is still `wanted` when it is ready to be shown. Returns whether it was."""
        ...

    def show_progress(self, event: Progress) -> None:
        """The model is being made ready."""
        ...

    def count_frame(self) -> None:
        """A frame came from the source."""
        ...

    def clear(self) -> None:
        """Nothing is known."""
        ...


class Viewing(QObject):
    """`start(source, model)` draws on a stage and tells a panel. What else hangs on frames connects to its signals."""

    changed = Signal()
    """It has begun, or is over."""
    troubled = Signal(object)
    """The source cannot go on: a `FinetunerError`."""
    failed = Signal(object)
    """The model cannot answer: a `Failed`."""
    arrived = Signal(object)
    """A `Frame` came and waits for its answer."""
    drawn = Signal(object)
    """A `Frame` is on the stage."""
    answered = Signal(object)
    """An `Answered` is on the panel."""

    def __init__(self, answerer: Answerer, stage: Stage, panel: Display, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.answerer, self.stage, self.panel = answerer, stage, panel
        self.source: Source | None = None
        self.model: Path | None = None
        self.stream: FrameStream | None = None
        self._undrawn: Frame | None = None
        self._drawing = QTimer(self, singleShot=True, interval=TOGETHER_MS, timerType=Qt.TimerType.PreciseTimer)
        self._drawing.timeout.connect(self._draw)
        self.answerer.happened.connect(self._on_event)

    @property
    def running(self) -> bool:
        """Whether frames are asked for."""
        return self.stream is not None

    def start(self, source: Source, model: Path | None) -> None:
        """Open the source and the model; without one the source is only shown."""
        self.stop()
        self.source, self.model = source, model
        self.answerer.use(model, source.still)
        try:
            stream = self.stream = source.open(self)
        except FinetunerError as error:
            self._on_trouble(error)
            return
        stream.arrived.connect(self._on_frame)
        stream.ended.connect(self.stop)
        stream.failed.connect(self._on_trouble)
        self.changed.emit()
        stream.start()

    def stop(self) -> None:
        """Release the source, end the model's thread."""
        stream, self.stream = self.stream, None
        self._drawing.stop()
        if stream is not None:
            stream.stop()
            stream.deleteLater()
            self.stage.fade()
        self.answerer.stop()
        self.panel.clear()
        self.changed.emit()

    def _on_frame(self, frame: Frame) -> None:
        """It is answered first, then drawn together with its answer: drawing meanwhile would hold the answer up."""
        self.answerer.put(frame.pixels, frame.arrived)
        self.arrived.emit(frame)
        self._undrawn = frame
        if not self._drawing.isActive():
            self._drawing.start()

    def _draw(self) -> None:
        frame, self._undrawn = self._undrawn, None
        self._drawing.stop()
        if frame is None or not self.running:
            return
        self.stage.show_frame(frame.pixels)
        if self.source is not None and not self.source.still:
            self.panel.count_frame()
        self.drawn.emit(frame)

    def _on_event(self, event: Event) -> None:
        match event:
            case Progress():
                self.panel.show_progress(event)
            case Answered():
                self._show_answer(event)
            case Failed():
                self.stop()
                self.failed.emit(event)

    def _show_answer(self, event: Answered) -> None:
        """The label first, as it ages; one that is too old gives way to the next, and the picture goes on."""
        if self.panel.show_answer(event.answer, partial(self.answerer.allows, event)):
            self.answered.emit(event)
            self._draw()

    def _on_trouble(self, error: FinetunerError) -> None:
        self.stop()
        self.troubled.emit(error)
