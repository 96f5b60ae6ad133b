"""finetuner suspects: which labels of a run's images are likely wrong."""

import csv
import sys
from pathlib import Path

from cyclopts.types import PositiveInt
from rich.markup import escape
from rich.table import Table

from finetuner.cli.output import last, print_json, print_table, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import Suspect, SuspectsRanked
from finetuner.engine.requests import SuspectsRequest


def suspects(run: Path, *, top: PositiveInt = 20, csv: bool = False, json: bool = False) -> None:
    """Rank RUN's images by how likely their label is wrong.

    Each is asked of a head that never saw it. Put the labels of the CSV right and give it to: finetuner refit.

    Parameters
    ----------
    run
        A run folder.
    top
        How many to print.
    csv
        Print a manifest: path, label, suggested, margin.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    ranked = last(generator(SuspectsRequest(run=run)))
    assert isinstance(ranked, SuspectsRanked)
    chosen = ranked.suspects[:top]
    if json:
        print_json({"images": ranked.images, "suspects": [suspect.model_dump() for suspect in chosen]})
    elif csv:
        _print_csv(chosen)
    else:
        print_table(_table(chosen))
        say(f"{sum(suspect.likely for suspect in ranked.suspects)} of {ranked.images} labels are likely wrong.")


def _table(chosen: tuple[Suspect, ...]) -> Table:
    table = Table("Image", "Label", "Looks like", "Margin", "Likely wrong", box=None)
    for row in chosen:
        words = (escape(readable(word)) for word in (row.path, row.label, row.suggested))
        table.add_row(*words, f"{row.margin:+.2f}", "yes" if row.likely else "")
    return table


def _print_csv(chosen: tuple[Suspect, ...]) -> None:
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["path", "label", "suggested", "margin"])
    table.writerows([row.path, row.label, row.suggested, f"{row.margin:.3f}"] for row in chosen)
