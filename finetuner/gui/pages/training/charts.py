"""The curves of a run and the table of what learns when."""

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from finetuner.engine.events import BatchEnded, EpochEnded, PhaseRow, PhaseStarted, PlanDrawn
from finetuner.gui import theme
from finetuner.gui.pages.training.clock import Clock
from finetuner.gui.widgets.curves import Curves
from finetuner.gui.widgets.plan_table import PlanRow, PlanTable


class Charts(QWidget):
    """Loss, accuracy, learning rates, plan."""

    def __init__(self) -> None:
        super().__init__()
        waiting = self.tr("The curve begins with the first epoch.")
        epoch = self.tr("epoch")
        self.loss = Curves(self.tr("Loss"), epoch, waiting=self.tr("The curve begins with the first step."))
        self.accuracy = Curves(self.tr("Validation accuracy"), epoch, bounds=(0.0, 1.0), percent=True, waiting=waiting)
        self.rates = Curves(self.tr("Learning rate per block"), epoch, log=True, ramp=True, waiting=waiting)
        self.plan = PlanTable()
        self._clock = Clock()
        self._blocks: tuple[str, ...] = ()
        self._training, self._validation = self.tr("training"), self.tr("validation")
        self._lay_out()
        self.begin(1)

    def begin(self, epochs: int) -> None:
        """Empty curves for a run of so many epochs."""
        self._clock = Clock(epochs)
        for chart in (self.loss, self.accuracy, self.rates):
            chart.clear()
            chart.set_span(epochs)
        # announced in this order, for their colours: a solved head has a validation before any step
        self.loss.add_line(self._training, smoothing=0.5)
        self.loss.add_line(self._validation)

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn yet."""
        return not any(trace.xs for chart in (self.loss, self.accuracy) for trace in chart.traces.values())

    def draw_plan(self, event: PlanDrawn) -> None:
        """The strategy as a table."""
        self._blocks = event.blocks
        ends = [row.start for row in event.phases[1:]] + [event.epochs]
        rows = [_row(row, end) for row, end in zip(event.phases, ends, strict=True)]
        self.plan.show_plan(event.blocks, event.block_parameters, rows)
        self.rates.drop_lines()
        for block in event.blocks:
            self.rates.add_line(block)

    def enter_phase(self, event: PhaseStarted) -> None:
        """Light the phase and mark where it begins."""
        self.plan.light(event.index)
        for chart in (self.loss, self.accuracy, self.rates):
            chart.mark(max(event.epoch - 1, 0), event.title)

    def add_batch(self, event: BatchEnded) -> None:
        """A step: its loss, and the learning rates it was taken with."""
        if not self.loss.traces[self._training].xs:
            self.loss.traces[self._training].smoothing = _smoothing(event.steps)
        at = self._clock.at(event)
        self.loss.append(self._training, at, event.loss)
        for block, rate in zip(self._blocks, event.rates, strict=False):
            if rate:
                self.rates.append(block, at, rate)

    def add_epoch(self, event: EpochEnded) -> None:
        """An epoch: what validation says."""
        self._clock.end(event)
        self.loss.append(self._validation, event.epoch, event.val_loss)
        self.accuracy.append(self._validation, event.epoch, event.val_accuracy)

    def end(self) -> None:
        """No phase runs any more."""
        self.plan.light(None)

    def _lay_out(self) -> None:
        table = QVBoxLayout()
        table.setContentsMargins(0, theme.HALF, 0, 0)
        table.setSpacing(theme.GRID)
        table.addWidget(theme.label(self.tr("Strategy"), "strong"))
        table.addWidget(self.plan, 1)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(theme.SECTION)
        layout.setVerticalSpacing(theme.GAP)
        layout.addWidget(self.loss, 0, 0, 1, 5)
        layout.addWidget(self.accuracy, 0, 5, 1, 5)
        layout.addWidget(self.rates, 1, 0, 1, 4)
        layout.addLayout(table, 1, 4, 1, 6)
        for column in range(10):
            layout.setColumnStretch(column, 1)
        layout.setRowStretch(0, 6)
        layout.setRowStretch(1, 5)


def _smoothing(steps: int) -> float:
    """The past's weight in the smoothed loss: a window of about a twenty-fifth of the run."""
    return min(max(1 - 25 / max(steps, 1), 0.5), 0.97)


def _row(row: PhaseRow, end: int) -> PlanRow:
    first, last = row.start + 1, end
    return PlanRow(
        row.title,
        f"epoch {first}" if first == last else f"epochs {first}–{last}",
        row.rates,
        "solved" if row.solve else "",
    )
