"""What the model says, and how fast."""

import time
from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from finetuner.engine.events import Progress
from finetuner.engine.prediction.stream import LiveAnswer, Meter
from finetuner.gui import theme
from finetuner.gui.pages.live.moment import ago
from finetuner.gui.widgets.metric_tile import MetricTile
from finetuner.gui.widgets.probability_bars import ProbabilityBars
from finetuner.gui.widgets.progress_line import ProgressLine

_TOLD_EVERY = 0.25


class Panel(QWidget):
    """`show_answer(answer, wanted)`, `count_frame()` as often as they come; figures change at a pace one can read."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.heading = theme.label(self.tr("Answer"), "heading")
        self._words = {"answered": self.tr("Answer"), "unsure": self.tr("Unsure"), "unknown": self.tr("Unknown")}
        self.bars = ProbabilityBars(3)
        self.rate = MetricTile(self.tr("Frames per second"))
        self.pace = MetricTile(self.tr("Time per frame"))
        self.progress = ProgressLine()
        self._clock = clock
        self._faces = QStackedWidget()
        self._fill()
        self.clear()

    def clear(self) -> None:
        """Nothing is known."""
        self.heading.setText(self.tr("Answer"))
        self.bars.show_top([])
        self._arriving = Meter(self._clock)
        self._told = float("-inf")
        self.rate.show_value("–")
        self.pace.show_value("–")
        self.progress.finish()
        self._faces.setCurrentIndex(0)

    def show_progress(self, event: Progress) -> None:
        """The model is being made ready."""
        self.progress.show_progress(self.tr("Preparing the model, once"), event.done, event.total)
        self._faces.setCurrentIndex(1)

    def count_frame(self) -> None:
        """A frame came from the source."""
        self._arriving.add(0.0)

    def show_answer(self, answer: LiveAnswer, wanted: Callable[[], bool]) -> bool:
        """Show the likeliest classes, if they are `wanted` then, and now and then the figures."""
        self._faces.setCurrentIndex(2)
        if not self.bars.show_top(answer.top, answer.state != "answered" or answer.behind > 0, wanted):
            return False
        self.heading.setText(self._headline(answer))
        if self._clock() - self._told >= _TOLD_EVERY:
            self._told = self._clock()
            self._tell(answer)
        return True

    def _headline(self, answer: LiveAnswer) -> str:
        if answer.behind:
            return self.tr("Catching up: {} s ago").format(ago(answer))
        return self._words[answer.state]

    def _tell(self, answer: LiveAnswer) -> None:
        came = self._arriving.frames_per_second
        if came:
            self.rate.show_value(f"{answer.frames_per_second:.0f}", self.tr("of {:.0f} that came").format(came))
        else:
            self.rate.show_value("–", self.tr("a still image"))
        self.pace.show_value(f"{answer.milliseconds:.1f} ms", self.tr("onnxruntime, CPU"))

    def _fill(self) -> None:
        figures = QHBoxLayout()
        figures.setSpacing(theme.GAP)
        figures.addWidget(self.rate, 1)
        figures.addWidget(self.pace, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(self.heading)
        column.addWidget(self._faces)
        column.addSpacing(theme.GAP)
        column.addLayout(figures)
        hint = theme.label(self.tr("The likeliest classes, as soon as there is a frame to answer."), "muted", wrap=True)
        for face in (hint, self.progress, self.bars):
            self._faces.addWidget(_at_the_top(face))
        self._faces.setFixedHeight(self.bars.sizeHint().height())


def _at_the_top(part: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(part)
    column.addStretch(1)
    return made
