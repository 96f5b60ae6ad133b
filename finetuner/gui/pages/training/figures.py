"""The figures above the curves: how good, how fast, how long still, on what."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from finetuner.engine.evaluation.certainty import beside
from finetuner.engine.events import BatchEnded, EpochEnded, RunStarted, TrainSummary
from finetuner.gui import theme
from finetuner.gui.widgets.metric_tile import MetricTile
from finetuner.gui.widgets.progress_line import write_duration
from finetuner.gui.widgets.ticks import write_percent


class Figures(QWidget):
    """A row of tiles."""

    def __init__(self) -> None:
        super().__init__()
        self.best = MetricTile(self.tr("Best accuracy"))
        self.speed = MetricTile(self.tr("Images per second"))
        self.left = MetricTile(self.tr("Time left"))
        self.device = MetricTile(self.tr("Device"))
        self.memory = MetricTile(self.tr("Memory"))
        self._run: Path | None = None
        self._accuracy = 0.0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SECTION)
        for tile in (self.best, self.speed, self.left, self.device, self.memory):
            layout.addWidget(tile, 1, Qt.AlignmentFlag.AlignTop)

    def begin(self, event: RunStarted) -> None:
        """A run is set up."""
        if Path(event.run) != self._run or not event.resumed_at:
            self._run, self._accuracy = Path(event.run), 0.0
            self.best.show_value("–")
        self.device.show_value(
            event.device.upper() if event.device in ("cpu", "mps") else event.device,
            self.tr("{}, batches of {}").format(event.precision, event.batch_size),
        )
        for tile in (self.speed, self.left, self.memory):
            tile.show_value("–")

    def add_batch(self, event: BatchEnded) -> None:
        """A step was taken."""
        self.speed.show_value(f"{event.images_per_second:,.0f}")
        self.left.show_value(write_duration(event.seconds_left))
        self.memory.show_value(write_memory(event.memory_mb))

    def add_epoch(self, event: EpochEnded) -> None:
        """An epoch was validated."""
        if event.val_accuracy > self._accuracy:
            self._accuracy = event.val_accuracy
            self.best.show_value(write_percent(event.val_accuracy), self.tr("epoch {}").format(event.epoch))

    def end(self, summary: TrainSummary) -> None:
        """The run is over."""
        told = beside(summary.val_images, summary.val_accuracy_interval)
        self.best.show_value(write_percent(summary.val_accuracy), told)
        self.speed.show_value(f"{summary.images_per_second:,.0f}")
        self.left.show_value(self.tr("done"), self.tr("in {}").format(write_duration(summary.seconds)))


def write_memory(megabytes: float) -> str:
    """640 MB, 3.2 GB."""
    return f"{megabytes:,.0f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"
