"""finetuner thresholds: from which probability on a run answers, and what that gives."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.markup import escape
from rich.table import Table

from finetuner.cli.output import print_json, print_table, say
from finetuner.cli.usage import WrongUsageError
from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.thresholds import Costs, Thresholds

if TYPE_CHECKING:
    from finetuner.engine.evaluation.thresholds import Judged, OperatingPoint


def thresholds(
    run: Path,
    *,
    each: Annotated[tuple[str, ...], Parameter(name="--class")] = (),
    all: float | None = None,
    cost: Path | None = None,
    reset: bool = False,
    json: bool = False,
) -> None:
    """Tell RUN below which probability it is to say "unsure", and what that gives on its validation images.

    Kept with the run: predict, live and export go by it. Without options: as it stands.

    Parameters
    ----------
    run
        A run folder.
    each
        A class and its threshold, such as ant=0.8; may be given several times.
    all
        One threshold for all classes.
    cost
        Take the thresholds of least expected cost. The file says what mistakes cost:
        {"unsure": 1, "wrong": 5, "pairs": {"TRUE CLASS": {"ANSWER": 20}}}
    reset
        Forget all thresholds first.
    json
        Print the result as JSON.
    """
    from finetuner.engine.evaluation.tables import read_judged

    folder = RunFolder.open(run)
    judged = read_judged(folder.path)
    old = Thresholds() if reset else Thresholds.load(folder.path).checked(judged.classes)
    new = _changed(old, judged, [_pair(words) for words in each], all, cost)
    if reset or new != old:
        _save(new, folder.path)
    _tell(run, judged, new, json)


def _changed(
    old: Thresholds, judged: "Judged", each: list[tuple[str, float]], every: float | None, cost: Path | None
) -> Thresholds:
    """In the order from the general to the particular: by cost, for all, for a class."""
    from finetuner.engine.evaluation.costs import proposal

    new = old
    if cost is not None:
        costs = Costs.load(cost, judged.classes)
        new = new.changed(proposal(judged, costs)).model_copy(update={"costs": costs})
    if every is not None:
        new = new.changed(dict.fromkeys(judged.classes, every))
    return new.changed(dict(each)).checked(judged.classes)


def _pair(words: str) -> tuple[str, float]:
    """`ant=0.8`; a class name may hold the sign itself."""
    name, _, value = words.rpartition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise WrongUsageError(f"{words} names no threshold.", "Write --class NAME=0.8") from error


def _save(new: Thresholds, run: Path) -> None:
    try:
        new.save(run)
    except OSError as error:
        raise FinetunerError(f"The thresholds of {run} cannot be written: {error.strerror}.") from error


def _tell(run: Path, judged: "Judged", found: Thresholds, json: bool) -> None:
    from finetuner.engine.evaluation.thresholds import as_limits, operating_point

    point = operating_point(judged, as_limits(judged.classes, found.classes))
    if json:
        print_json({"run": str(run), **asdict(point), **_cost(judged, found)})
        return
    print_table(_table(point))
    low, high = point.share_interval
    say(f"Answered: {point.share:.1%} of {point.n} images (95 % interval {low:.1%} to {high:.1%})")
    if point.accuracy is not None:
        low, high = point.accuracy_interval
        say(f"Right among these: {point.accuracy:.1%} of {point.answered} (95 % interval {low:.1%} to {high:.1%})")
    for words, value in _cost(judged, found).items():
        say(f"{words.replace('_', ' ').capitalize()}: {value:.3g} an image")


def _cost(judged: "Judged", found: Thresholds) -> dict[str, Any]:
    """What these images cost with and without thresholds; nothing where no costs were named."""
    from finetuner.engine.evaluation.costs import cost_table, mean_cost
    from finetuner.engine.evaluation.thresholds import as_limits

    if found.costs is None:
        return {}
    table = cost_table(judged.classes, found.costs)
    limits = as_limits(judged.classes, found.classes)
    return {
        "cost": mean_cost(judged, limits, table, found.costs.unsure),
        "cost_without_thresholds": mean_cost(judged, limits * 0, table, found.costs.unsure),
    }


def _table(point: "OperatingPoint") -> Table:
    table = Table("Class", "Threshold", "Answered", "Precision", "95 % interval", "Recall", "95 % interval", box=None)
    for row in point.classes:
        precision = _share(row.precision, row.precision_interval)
        recall = _share(row.recall, row.recall_interval)
        table.add_row(escape(readable(row.name)), f"{row.threshold:.3g}", f"{row.answered:,}", *precision, *recall)
    return table


def _share(value: float | None, interval: tuple[float, float]) -> tuple[str, str]:
    low, high = interval
    return ("", "") if value is None else (f"{value:.1%}", f"{low:.1%} to {high:.1%}")
