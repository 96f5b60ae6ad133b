"""The strategies raced against each other: a budget, a button, and who came in how."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from finetuner.engine.evaluation.certainty import beside
from finetuner.engine.events import EpochEnded, Event, Failed, RaceEnded, RaceEntered, RaceEntry, RaceScored
from finetuner.engine.requests import RACERS
from finetuner.engine.strategies import STRATEGIES
from finetuner.gui import theme
from finetuner.gui.session import Session
from finetuner.gui.widgets.ticks import write_percent
from finetuner.gui.widgets.wheel import calm

LEAST, MOST, STEP, USUAL = 10, 86_400, 30, 120


class RacePanel(QWidget):
    """Follows `session.training`, which runs a race like any training; each entry stays as a run."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.entries: list[RaceEntry] = []
        self.budget = calm(QSpinBox(minimum=LEAST, maximum=MOST, singleStep=STEP, value=USUAL, suffix=self.tr(" s")))
        self.budget.setAccessibleName(self.tr("Seconds of training, for all together"))
        self.start = theme.button(self.tr("Race"), "", "clock")
        self.start.clicked.connect(lambda: session.race(float(self.budget.value())))
        self.stop = theme.button(self.tr("Stop, keep what is done"), "quiet", "stop")
        self.stop.clicked.connect(self._stop)
        self.words = theme.label("", wrap=True)
        self._table = QWidget()
        self._racing = False
        self._lay_out()
        session.training.changed.connect(self.refresh)
        session.training.watch(self._on_event)
        self.refresh()

    def refresh(self) -> None:
        """What can be done now."""
        training = self._session.training
        self._racing = self._racing and training.running
        self.start.setVisible(not self._racing)
        self.start.setEnabled(not training.running and self._session.job.data.data is not None)
        self.budget.setEnabled(not self._racing)
        self.stop.setVisible(self._racing)

    def _on_event(self, event: Event) -> None:
        match event:
            case RaceEntered():
                self._enter(event)
            case EpochEnded() if self._racing:
                self.words.setText(self._running.format(event.epoch, write_percent(event.val_accuracy)))
            case RaceScored():
                self._show([*self.entries, event.entry], "")
            case RaceEnded():
                self._show(event.ranking, event.winner)
                self.words.setText(event.sentence)
            case Failed() if self._racing:
                self.words.setText(f"{event.sentence} {event.next_step}".strip())

    def _enter(self, event: RaceEntered) -> None:
        if event.number == 1:
            self._show([], "")
        self._racing = True
        words = self.tr("{} of {}: {}, {:.0f} s.").format(
            event.number, event.entries, STRATEGIES[event.strategy].title, event.seconds
        )
        self._running = words.replace("{", "{{").replace("}", "}}") + self.tr(" Epoch {}: {} right.")
        self.words.setText(words)
        self.stop.setEnabled(True)
        self.refresh()

    def _stop(self) -> None:
        self._session.training.ask("stop")
        self.stop.setEnabled(False)

    def _show(self, entries: list[RaceEntry] | tuple[RaceEntry, ...], winner: str) -> None:
        self.entries = list(entries)
        old, self._table = self._table, _table(self.entries, winner, self.tr("take this one"))
        self._layout.replaceWidget(old, self._table)
        old.hide()
        old.deleteLater()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.GRID)
        top.addWidget(theme.label(self.tr("Which strategy suits these images?"), "heading"), 1)
        for widget in (self.budget, self.start, self.stop):
            top.addWidget(widget)
        sentence = self.tr(
            "{} are trained one after the other on the same images, each for an equal share of the time. Every one"
            " stays as a run."
        )
        names = ", ".join(STRATEGIES[name].title for name in RACERS)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.GRID)
        self._layout.addLayout(top)
        self._layout.addWidget(theme.label(sentence.format(names), "small", wrap=True))
        self._layout.addWidget(self._table)
        self._layout.addWidget(self.words)


def _table(entries: list[RaceEntry], winner: str, mark: str) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.GAP)
    grid.setVerticalSpacing(theme.HALF)
    for row, entry in enumerate(entries):
        role = "strong" if entry.run == winner else ""
        for column, text in enumerate((*_cells(row, entry), mark if role else "")):
            label = theme.label(text, role or "body")
            label.setToolTip(Path(entry.run).name)
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignLeft)
    grid.setColumnStretch(grid.columnCount(), 1)
    return made


def _cells(row: int, entry: RaceEntry) -> tuple[str, ...]:
    return (
        f"{row + 1}",
        STRATEGIES[entry.strategy].title,
        write_percent(entry.accuracy),
        beside(entry.images, entry.accuracy_interval),
        f"{entry.seconds:.1f} s",
    )
