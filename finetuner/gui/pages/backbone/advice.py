"""The adviser's panel: each backbone on this disk tried on the user's own images, drawn as it streams in."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from finetuner.engine.advice.ranking import frontier, ranked
from finetuner.engine.events import AdviceEnded, BackboneAdvice, BackboneAdvised, Event, Progress
from finetuner.engine.job import Job
from finetuner.engine.requests import AdviseRequest
from finetuner.gui import theme
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.pages.page import Page
from finetuner.gui.widgets.progress_line import ProgressLine
from finetuner.gui.widgets.trade_off import Point, TradeOff

_HEIGHT = 264


class Advice(QFrame):
    """`ask` begins; hidden until then. `chosen` and `use` carry a backbone's name.

    `changed`: it came into sight or went; `working`: whether it is at work.
    """

    chosen = Signal(str)
    use = Signal(str)
    changed = Signal()
    working = Signal(bool)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._worker: Worker | None = None
        self._advice: dict[str, BackboneAdvice] = {}
        self._tried_on: Path | None = None
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Which backbone suits your images?"))
        self.chart = TradeOff(
            self.tr("Right on held-out images"), self.tr("ms per image"), self.tr("Each backbone appears when tried.")
        )
        self.progress = ProgressLine()
        self.heading = theme.label("", "heading", wrap=True)
        self.words = theme.label("", "muted", wrap=True)
        self.button = theme.button("", "", "check")
        self.stop = theme.button(self.tr("Stop"), "", "stop")
        self.away = theme.button(self.tr("Close"), "quiet")
        self._connect()
        self._lay_out()
        self.hide()

    def ask(self) -> None:
        """Try every backbone on this disk on the draft's images."""
        job = self._page.session.job
        if job.data.data is None:
            nothing = self.tr("There are no images to try backbones on yet.")
            return self._page.tell(nothing, self.tr("Open a folder first."), "warning")
        self._page.notice.clear()
        self._tried_on = job.data.data
        self._begin()
        self._worker = self._page.call(AdviseRequest(job=job), self._on_event, self._on_end)

    def show_draft(self, job: Job) -> None:
        """What was learnt from other images says nothing of these."""
        if not self.isHidden() and job.data.data != self._tried_on:
            self._stop()
            self.dismiss()

    def dismiss(self) -> None:
        """Go out of sight."""
        self.hide()
        self.changed.emit()

    def _begin(self) -> None:
        self._advice = {}
        self.heading.setText(self.tr("Trying every backbone on this disk on your images"))
        self.words.setText(self.tr("Each looks once at your training images; a quick head is tried on held-out parts."))
        self._show_points("")
        self.progress.show_progress(self.tr("Looking at the images"))
        self._set_working(True)
        self.show()
        self.changed.emit()

    def _on_event(self, event: Event) -> None:
        match event:
            case Progress():
                self.progress.show_progress(event.activity, event.done, event.total)
            case BackboneAdvised():
                self._advice[event.advice.name] = event.advice
                self._select(ranked(list(self._advice.values()))[0].name)
            case AdviceEnded() if event.ranking:
                self._select(event.ranking[0].name)
                self.heading.setText(self.tr("Recommended: {}").format(event.ranking[0].name))
                self.words.setText(event.sentence)

    def _on_end(self) -> None:
        self._worker = None
        self.progress.finish()
        self._set_working(False)
        if not self._advice:
            self.dismiss()

    def _stop(self) -> None:
        if self._worker is not None:
            self.stop.setEnabled(False)
            self._worker.stop()

    def _set_working(self, works: bool) -> None:
        self.stop.setVisible(works)
        self.stop.setEnabled(works)
        self.away.setVisible(not works)
        self.working.emit(works)

    def _select(self, name: str) -> None:
        self._show_points(name)
        self.button.setText(self.tr("Use {}").format(name))
        self.heading.setText(name)
        self.words.setText(sentence(self._advice[name]))

    def _pick(self, name: str) -> None:
        self._select(name)
        self.chosen.emit(name)

    def _show_points(self, selected: str) -> None:
        advice = list(self._advice.values())
        self.chart.show_points([point(one) for one in advice], frontier(advice), selected)
        self.button.setVisible(bool(selected))

    def _connect(self) -> None:
        self.chart.chosen.connect(self._pick)
        self.button.clicked.connect(lambda: self.use.emit(self.chart.selected))
        self.stop.clicked.connect(self._stop)
        self.away.clicked.connect(self.dismiss)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GRID)
        for button in (self.button, self.stop, self.away):
            buttons.addWidget(button)
        buttons.addStretch()
        side = QVBoxLayout()
        side.setSpacing(theme.GRID)
        for widget in (self.heading, self.words):
            side.addWidget(widget)
        side.addStretch()
        side.addWidget(self.progress)
        side.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.GRID, theme.GAP, theme.GRID + theme.HALF)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.chart, 3)
        layout.addLayout(side, 2)
        self.setFixedHeight(_HEIGHT)


def point(advice: BackboneAdvice) -> Point:
    """As the chart draws it."""
    return Point(advice.name, advice.milliseconds, advice.accuracy, advice.low, advice.high)


def sentence(advice: BackboneAdvice) -> str:
    """`95.1 % right (91.2 to 97.3), 12 ms an image at 224 pixels; nearest neighbours 92.0 %, LogME -0.03`."""
    words = QCoreApplication.translate(
        "Backbone",
        "{:.1%} of the held-out images right ({:.1%} to {:.1%}), {:.1f} ms an image at {} pixels. "
        "Nearest neighbours {:.1%}, LogME {:.2f}.",
    )
    shares = (advice.accuracy, advice.low, advice.high)
    return words.format(*shares, advice.milliseconds, advice.input_size, advice.neighbours, advice.logme)
