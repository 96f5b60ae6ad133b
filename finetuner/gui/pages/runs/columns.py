"""How a run is written: in the table's columns, and line by line in a comparison."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from finetuner.engine.evaluation.certainty import tells, written
from finetuner.engine.evaluation.intervals import Interval, wilson
from finetuner.engine.events import TrainSummary
from finetuner.engine.run_store.runs import RunInfo
from finetuner.gui.widgets.progress_line import write_duration
from finetuner.gui.widgets.rows_model import Column

UNKNOWN = "–"


def tr(words: str) -> str:
    """Translate within the runs page."""
    return QCoreApplication.translate("RunsPage", words)


def best_accuracy(run: RunInfo) -> float | None:
    """The best validation accuracy so far, None before the first epoch."""
    if run.summary is not None:
        return run.summary.val_accuracy
    return max((epoch.val_accuracy for epoch in run.curve), default=None)


def write_accuracy(run: RunInfo) -> str:
    """`96.1 %`."""
    best = best_accuracy(run)
    return UNKNOWN if best is None else f"{best:.1%}".replace("%", " %")


def write_interval(run: RunInfo) -> str:
    """`91.7 – 98.2 %`, the 95 % interval; also of a run that has not ended, from its best epoch."""
    found = _interval(run)
    return UNKNOWN if found is None else written(found)


def write_images(run: RunInfo) -> str:
    """How many images the accuracy was counted on; in doubt, that too."""
    if not run.val_images:
        return UNKNOWN
    return (
        f"{run.val_images:,}" if tells(run.val_images, _interval(run)) else tr("{:,}, too few").format(run.val_images)
    )


def _interval(run: RunInfo) -> Interval | None:
    if run.summary is not None:
        return run.summary.val_accuracy_interval
    best = best_accuracy(run)
    return None if best is None or not run.val_images else wilson(round(best * run.val_images), run.val_images)


def write_start(run: RunInfo) -> str:
    """`21 Nov, 20:16`; of another year `21 Nov 2025`. The name of the run needs the room."""
    this_year = run.started.year == datetime.now().year
    return f"{run.started:%d %b, %H:%M}" if this_year else f"{run.started:%d %b %Y}"


def write_epochs(run: RunInfo) -> str:
    """`7 / 12`."""
    return f"{run.epochs_done} / {run.epochs}"


def write_status(run: RunInfo) -> str:
    """Where the run stands, in a word or two."""
    words = {
        "running": tr("Training"),
        "interrupted": tr("Interrupted at epoch {}").format(run.epochs_done),
        "done": tr("Done"),
        "stopped": tr("Stopped at epoch {}").format(run.epochs_done),
        "failed": tr("Failed at epoch {}").format(run.epochs_done),
    }
    return words[run.status]


def _summed(write: Callable[[TrainSummary], str]) -> Callable[[RunInfo], str]:
    """A figure that only a finished run has."""
    return lambda run: UNKNOWN if run.summary is None else write(run.summary)


COLUMNS = (
    Column("Run", lambda run: run.name, stretch=True),
    Column("Status", write_status),
    Column("Accuracy", write_accuracy, key=lambda run: best_accuracy(run) or 0.0, number=True),
    Column("95 % interval", write_interval, key=lambda run: (_interval(run) or (0.0, 1.0))[0], number=True),
    Column("n", write_images, key=lambda run: run.val_images, number=True, tip=tr("Validation images")),
    Column("Strategy", lambda run: run.strategy, gives_way=4),
    Column("Backbone", lambda run: run.backbone, gives_way=2),
    Column("Epochs", write_epochs, key=lambda run: run.epochs_done, number=True, gives_way=1),
    Column("Started", write_start, key=lambda run: run.started, number=True, gives_way=3),
)

FIGURES: dict[str, Callable[[RunInfo], str]] = {
    "Accuracy": write_accuracy,
    "95 % interval": write_interval,
    "n": write_images,
    "Validation loss": _summed(lambda end: f"{end.val_loss:.3f}"),
    "Best epoch": _summed(lambda end: f"{end.best_epoch} of {end.epochs}"),
    "Time": _summed(lambda end: write_duration(end.seconds)),
    "Images per second": _summed(lambda end: f"{end.images_per_second:,.0f}"),
    "Images": _summed(lambda end: f"{end.train_images:,} + {end.val_images:,}"),
    "Device": _summed(lambda end: f"{end.device}, {end.precision}"),
    "Strategy": lambda run: run.strategy,
    "Backbone": lambda run: run.backbone,
}
