"""finetuner compare: is one run better than another, on the images that both held out?"""

from pathlib import Path

from rich.markup import escape
from rich.table import Table

from finetuner.cli.output import print_json, print_table, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.evaluation.certainty import TOO_FEW, tells
from finetuner.engine.evaluation.comparison import Comparison
from finetuner.engine.evaluation.paired import Pairs
from finetuner.engine.evaluation.two_runs import TwoRuns, compare_runs, document


def compare(first: Path, second: Path, *, json: bool = False) -> None:
    """Compare two runs, A and B, image by image: McNemar's test, each class, the answers that changed.

    Parameters
    ----------
    first
        A run folder: A.
    second
        Another one: B.
    json
        Print the result as JSON.
    """
    found = compare_runs(first, second)
    if json:
        print_json(document(found))
    else:
        _print(found)


def _print(found: TwoRuns) -> None:
    say(f"A: {readable(str(found.first))}")
    say(f"B: {readable(str(found.second))}")
    if found.comparison.pairs.images:
        print_table(_classes(found.comparison))
    say(found.comparison.told("A", "B"))
    for note in found.notes:
        say(f"Note: {readable(note)}")
    for title, changes in (("Only A is right", found.comparison.lost), ("Only B is right", found.comparison.won)):
        for one, two in changes:
            say(f"{title}: {readable(two.source)}: {readable(one.label)} -> {readable(two.label)}")


def _classes(comparison: Comparison) -> Table:
    table = Table("Class", "Images", "A right", "B right", "Difference", "95 % interval, points", "", box=None)
    for row in comparison.per_class:
        table.add_row(escape(readable(row.name)), *_cells(row.pairs))
    table.add_row("all", *_cells(comparison.pairs))
    return table


def _cells(pairs: Pairs) -> tuple[str, ...]:
    low, high = pairs.interval
    return (
        f"{pairs.images:,}",
        f"{pairs.first:.1%}",
        f"{pairs.second:.1%}",
        f"{pairs.difference * 100:+.1f}",
        f"{low * 100:+.1f} to {high * 100:+.1f}",
        "" if tells(pairs.images, pairs.interval) else TOO_FEW,
    )
