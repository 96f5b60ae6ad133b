"""The thresholds of the run in sight: kept in its folder at every step, undone and redone."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.costs import cost_table, mean_cost, proposal
from finetuner.engine.evaluation.tables import read_judged, read_predictions
from finetuner.engine.evaluation.thresholds import Judged, OperatingPoint, as_limits, operating_point
from finetuner.engine.events import PredictionRow
from finetuner.engine.run_store.thresholds import Costs, Thresholds
from finetuner.gui.pages.results.exchange import Exchange


class Limits(QObject):
    """`changed` after every step; `trouble` when a file refuses. Answers are read when figures are first asked for."""

    changed = Signal()
    trouble = Signal(str, str)  # sentence, next step

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.thresholds = Thresholds()
        self.judged: Judged | None = None
        self._run: Path | None = None

    def show_run(self, run: Path | None) -> None:
        """Speak of this run from now on."""
        self._run, self.judged, self.thresholds = run, None, Thresholds()
        self.stack.clear()

    def read(self) -> None:
        """Read the run's answers and thresholds, unless that was done."""
        if self._run is None or self.judged is not None:
            return
        try:
            judged = read_judged(self._run)
            self.thresholds = Thresholds.load(self._run).checked(judged.classes)
        except FinetunerError as error:
            self.trouble.emit(error.sentence, error.next_step)
        else:
            self.judged = judged
        self.changed.emit()

    def figures(self, values: Mapping[str, float] | None = None) -> OperatingPoint | None:
        """What the thresholds give, or what they would give with these `values` instead."""
        if self.judged is None:
            return None
        wanted = {**self.thresholds.classes, **(values or {})}
        return operating_point(self.judged, as_limits(self.judged.classes, wanted))

    def say(self, values: Mapping[str, float], words: str, kind: int = -1) -> None:
        """Set thresholds by class name, as one step; steps of one `kind` in a row are one."""
        self._push(self.thresholds.changed(values), words, kind)

    def reset(self) -> None:
        """Answer always."""
        self._push(self.thresholds.model_copy(update={"classes": {}}), self.tr("forget the thresholds"))

    def propose(self, costs: Costs) -> None:
        """Take the thresholds that are expected to cost least."""
        if self.judged is not None:
            new = self.thresholds.changed(proposal(self.judged, costs)).model_copy(update={"costs": costs})
            self._push(new, self.tr("thresholds by cost"))

    def paid(self) -> tuple[float, float] | None:
        """What an image cost on average, with and without thresholds; nothing where no costs were named."""
        costs = self.thresholds.costs
        if self.judged is None or costs is None:
            return None
        table = cost_table(self.judged.classes, costs)
        limits = as_limits(self.judged.classes, self.thresholds.classes)
        with_them, without = (mean_cost(self.judged, each, table, costs.unsure) for each in (limits, limits * 0))
        return with_them, without

    def unsure(self) -> list[PredictionRow]:
        """The answers that are withheld, the most confident first. Raises FinetunerError when they cannot be read."""
        rows = read_predictions(self._run) if self._run is not None else ()
        withheld = (row for row in rows if self.thresholds.unsure(row.label, row.probability))
        return sorted(withheld, key=lambda row: -row.probability)

    def _push(self, new: Thresholds, words: str, kind: int = -1) -> None:
        if new != self.thresholds and self._run is not None:
            self.stack.push(Exchange(words, self.thresholds, new, self._hold, kind))

    def _hold(self, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        assert self._run is not None
        try:
            thresholds.save(self._run)
        except OSError as error:
            self.trouble.emit(
                self.tr("The thresholds could not be kept: {}.").format(error.strerror),
                self.tr("They hold until the window is closed."),
            )
        self.changed.emit()
