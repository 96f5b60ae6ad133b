"""finetuner runs: list all runs, or compare the ones that are named."""

from pathlib import Path

from rich.markup import escape
from rich.table import Column, Table

from finetuner.cli.output import print_json, print_table, say
from finetuner.engine import paths
from finetuner.engine.dataset.names import readable
from finetuner.engine.evaluation.certainty import tells, written
from finetuner.engine.run_store.runs import RunInfo, describe, list_runs


def runs(*run: Path, json: bool = False) -> None:
    """List your runs with their key figures, or compare the RUN folders given.

    Parameters
    ----------
    run
        Run folders to compare; default: all of yours.
    json
        Print the result as JSON.
    """
    found = [describe(path) for path in run] if run else list_runs(paths.runs_dir())
    if json:
        print_json([_document(info) for info in found])
    elif found:
        print_table(_table(found))
    else:
        where = readable(str(paths.runs_dir()))
        say(f"There is no run in {where}. Those elsewhere can be named: finetuner runs RUN ...")


def _document(info: RunInfo) -> dict[str, object]:
    return {
        "run": str(info.path),
        "status": info.status,
        "backbone": info.backbone,
        "strategy": info.strategy,
        "started": info.started.isoformat(timespec="seconds"),
        "epochs": info.epochs,
        "epochs_done": info.epochs_done,
        "summary": info.summary.model_dump(mode="json") if info.summary else None,
        "curve": [event.model_dump(mode="json", include=_CURVE) for event in info.curve],
    }


_CURVE = {"epoch", "train_loss", "val_loss", "val_accuracy"}


_COLUMNS = ("Status", "Backbone", "Strategy", "Epochs", "Accuracy", "95 % interval", "n", "Seconds")


def _table(found: list[RunInfo]) -> Table:
    table = Table(Column("Run", no_wrap=True), *_COLUMNS, box=None)  # its name is what the user types next
    for info in found:
        words = (info.name, info.status, info.backbone, info.strategy)  # from files that others may have written
        table.add_row(*(escape(readable(word)) for word in words), _epochs(info), *_figures(info))
    return table


def _epochs(info: RunInfo) -> str:
    return f"{info.epochs_done}/{info.epochs}"


def _figures(info: RunInfo) -> tuple[str, str, str, str]:
    if info.summary is None:
        return "", "", "", ""
    end = info.summary
    doubt = "" if tells(end.val_images, end.val_accuracy_interval) else ", too few"
    n = f"{end.val_images:,}{doubt}"
    return f"{end.val_accuracy:.1%}", written(end.val_accuracy_interval), n, f"{end.seconds:.0f}"
