"""One more source beside the first: its picture, and its answer in a line."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import Failed, Progress
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.gui import theme
from finetuner.gui.pages.live.answerer import Answerer
from finetuner.gui.pages.live.moment import as_told
from finetuner.gui.pages.live.sources import Source
from finetuner.gui.pages.live.stage import Stage
from finetuner.gui.pages.live.viewing import Viewing
from finetuner.gui.widgets.tool_button import tool_button


class Line(QWidget):
    """A `Display` of one line: the source, and what is seen there."""

    closed = Signal()

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.answer = theme.label(words, "muted"), theme.label("", "strong")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.answer)
        row.addWidget(tool_button("close", self.tr("Look at {} no more").format(words), self.closed.emit))

    def show_answer(self, answer: LiveAnswer, wanted: Callable[[], bool]) -> bool:
        """Name the class that stands."""
        words = as_told(answer)
        if shown := wanted():
            self.answer.setText(words)
            self.answer.repaint()
        return shown

    def show_progress(self, event: Progress) -> None:
        """The model is being made ready."""
        self.answer.setText(self.tr("Preparing the model"))

    def count_frame(self) -> None:
        """Frames are counted beside the first picture only."""

    def clear(self) -> None:
        """Nothing is known."""
        self.answer.clear()


class Pane(QWidget):
    """`start(model)`, `stop()`. `closed`: the user has seen enough of it."""

    closed = Signal()

    def __init__(self, source: Source, answerer: Answerer, model: Callable[[], Path | None]) -> None:
        super().__init__()
        self.source, self._model = source, model
        self.stage, self.line = Stage(), Line(source.words)
        self.stage.mirrored = source.mirrored
        self.viewing = Viewing(answerer, self.stage, self.line, self)
        self.viewing.troubled.connect(lambda error: self._tell(error.sentence, error.next_step))
        self.viewing.failed.connect(self._on_failed)
        self.line.closed.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(self.stage, 1)
        column.addWidget(self.line)

    def start(self) -> None:
        """Open the source and the model."""
        if (model := self._model()) is not None:
            self.viewing.start(self.source, model)

    def stop(self) -> None:
        """Release the source, end the model's thread."""
        self.viewing.stop()

    def _on_failed(self, event: Failed) -> None:
        self._tell(event.sentence, event.next_step)

    def _tell(self, sentence: str, next_step: str) -> None:
        again, close = (self.tr("Try again"), self.start), (self.tr("Close"), self.closed.emit)
        self.stage.show_trouble(sentence, next_step, (again, close))
