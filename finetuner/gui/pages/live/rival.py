"""A second model beside the first, on the same frames: what it says, and how often they differ."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import Event, Failed, Progress
from finetuner.engine.prediction.disagreement import Disagreement
from finetuner.frame_sources.frame import Frame
from finetuner.gui import theme
from finetuner.gui.bridge.live import Answered
from finetuner.gui.pages.live.answerer import Answerer
from finetuner.gui.pages.live.moment import as_told
from finetuner.gui.pages.live.viewing import Viewing
from finetuner.gui.widgets.probability_bars import ProbabilityBars
from finetuner.gui.widgets.ticks import write_percent
from finetuner.gui.widgets.tool_button import tool_button


class Rival(QWidget):
    """In sight only while there is a second model: `set_model(model)`, None for none."""

    changed = Signal()

    def __init__(self, viewing: Viewing, answerer: Answerer) -> None:
        super().__init__()
        self.model: Path | None = None
        self._viewing, self._answerer = viewing, answerer
        self._both = Disagreement()
        self.heading, self.told = theme.label("", "heading"), theme.label("", "small", wrap=True)
        self.bars = ProbabilityBars(2)
        viewing.arrived.connect(self._on_frame)
        for number, one in enumerate((viewing.answerer, answerer)):
            one.told.connect(partial(self._count, number))
        viewing.changed.connect(self._on_changed)
        answerer.happened.connect(self._on_event)
        self._lay_out()
        self.hide()

    @property
    def differed(self) -> tuple[int, int]:
        """On how many frames they differed, and how many both answered."""
        return self._both.differed, self._both.frames

    def set_model(self, model: Path | None) -> None:
        """Answer with this one, too."""
        self.model = model
        self.heading.setText(model.stem if model else "")
        self.setVisible(model is not None)
        self._on_changed()
        self.changed.emit()

    def _on_changed(self) -> None:
        """Frames begin to come, or come no more; another count begins with each beginning."""
        self._answerer.stop()
        source = self._viewing.source
        if self._viewing.running and self.model is not None and source is not None:
            self._both = Disagreement()
            self.bars.show_top([])
            self.told.setText(self.tr("No frame yet that both have answered."))
            self._answerer.use(self.model, source.still)

    def _on_frame(self, frame: Frame) -> None:
        if self.model is not None:
            self._answerer.put(frame.pixels, frame.arrived)

    def _on_event(self, event: Event) -> None:
        match event:
            case Progress():
                self.told.setText(self.tr("Preparing the model, once"))
            case Answered():
                self._show(event)
            case Failed():
                self.told.setText(f"{event.sentence} {event.next_step}".strip())

    def _show(self, event: Answered) -> None:
        answer = event.answer
        unsure = answer.state != "answered" or answer.behind > 0
        if self.bars.show_top(answer.top, unsure, partial(self._answerer.allows, event)):
            self.bars.setToolTip(as_told(answer))

    def _count(self, model: int, event: Answered) -> None:
        if self.model is None:
            return
        self._both.add(model, event.answer)
        differed, frames = self.differed
        if frames:
            share = write_percent(self._both.share)
            self.told.setText(self.tr("They differ on {:,} of {:,} frames ({}).").format(differed, frames, share))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(tool_button("close", self.tr("Without a second model"), lambda: self.set_model(None)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(head)
        column.addWidget(self.bars)
        column.addWidget(self.told)
