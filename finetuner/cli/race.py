"""finetuner race: strategies against each other, for an equal share of one time budget."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.types import PositiveFloat
from rich.markup import escape
from rich.table import Column, Table

from finetuner.cli.output import last, print_json, print_table, say
from finetuner.cli.train import complete, new_run
from finetuner.cli.usage import WrongUsageError
from finetuner.engine.evaluation.certainty import TOO_FEW, tells, written
from finetuner.engine.events import RaceEnded, RaceEntry
from finetuner.engine.job import AugmentationPart, BackbonePart, ComputePart, DataPart, Job, OptimisationPart
from finetuner.engine.requests import RACERS, RaceRequest

_FLAT = Parameter(name="*")


def race(
    folder: Annotated[Path | None, Parameter(name="DATA")] = None,
    /,
    *,
    budget: PositiveFloat = 120.0,
    strategy: tuple[str, ...] = RACERS,
    out: Path | None = None,
    job: Path | None = None,
    data: Annotated[DataPart | None, _FLAT] = None,
    backbone: Annotated[BackbonePart | None, _FLAT] = None,
    optimisation: Annotated[OptimisationPart | None, _FLAT] = None,
    augmentation: Annotated[AugmentationPart | None, _FLAT] = None,
    compute: Annotated[ComputePart | None, _FLAT] = None,
    json: bool = False,
) -> None:
    """Race strategies on DATA: the same split and seed, equal shares of one time budget, ranked with intervals.

    Parameters
    ----------
    folder
        Folder of labelled images, or CSV/TSV manifest.
    budget
        Seconds of training for all of them together; setting up and measuring come on top.
    strategy
        Race this one; may be given several times.
    out
        What the runs are called after: OUT-probe, OUT-lp-ft, ...; default: among your runs.
    job
        Start from this job.toml; flags override it.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    if optimisation is not None and optimisation.time_limit is not None:
        raise WrongUsageError("A race has one budget for all.", "Give --budget instead of --time-limit.")
    parts = [data, backbone, optimisation, augmentation, compute]
    described = complete(Job.load(job) if job else Job(), parts, folder)
    place = (out or new_run(described, "race")).absolute()
    ended = last(generator(RaceRequest(job=described, out=place, seconds=budget, strategies=strategy)))
    assert isinstance(ended, RaceEnded)
    if json:
        print_json(ended.model_dump(mode="json", exclude={"kind"}))
    else:
        _print(ended)


def _print(ended: RaceEnded) -> None:
    run = Column("Run", no_wrap=True)  # what the user types next
    table = Table("", "Strategy", "Accuracy", "95 % interval", "n", "Loss", "Epochs", "Seconds", run, box=None)
    for place, entry in enumerate(ended.ranking, 1):
        mark = "*" if entry.run == ended.winner else ""
        table.add_row(f"{place}{mark}", *(escape(cell) for cell in _cells(entry)))
    table.caption, table.caption_justify = "* the one to take", "left"
    print_table(table)
    say(ended.sentence)
    if ended.status == "stopped":
        say("Stopped before all had their turn.")


def _cells(entry: RaceEntry) -> tuple[str, ...]:
    doubt = "" if tells(entry.images, entry.accuracy_interval) else f", {TOO_FEW}"
    return (
        entry.strategy,
        f"{entry.accuracy:.1%}",
        written(entry.accuracy_interval),
        f"{entry.images:,}{doubt}",
        f"{entry.loss:.4f}",
        f"{entry.epochs}",
        f"{entry.seconds:.1f}",
        Path(entry.run).name,
    )
