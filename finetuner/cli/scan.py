"""finetuner scan: what a data set holds, what is set aside and why. Nothing is written."""

import os
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from finetuner.cli.output import last, print_json, print_table, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.dataset.scan import scan as look
from finetuner.engine.events import ScanEnded
from finetuner.engine.requests import ScanRequest

BAR_WIDTH = 32


def scan(data: Path, *, val: Path | None = None, json: bool = False) -> None:
    """Look at a data set: its classes, splits and problems.

    Parameters
    ----------
    data
        A folder with a sub-folder for each class, or with train, val and test folders of such, or a CSV/TSV
        manifest with the columns path,label[,split].
    val
        Another such folder, to validate on.
    json
        Print the result as JSON.
    """
    found = last(look(ScanRequest(data=data, val=val)))
    assert isinstance(found, ScanEnded)
    if json:
        print_json(document(found))
    else:
        _print(found)


def document(found: ScanEnded) -> dict[str, Any]:
    """The scan as scripts read it; `used + excluded = seen`, and there is one problem for each file excluded."""
    return found.model_dump(exclude={"kind"})


def _print(found: ScanEnded) -> None:
    print_table(_classes(found.classes))
    splits = ", ".join(f"{count} {name}" for name, count in found.splits.items())
    say(f"{found.used} used ({splits}) + {found.excluded} set aside = {found.seen} seen")
    for notice in found.notices:
        say(f"Note: {notice}")
    for problem in found.problems:
        say(f"{readable(os.path.relpath(problem.path, found.folder))}: {problem.reason}")


def _classes(classes: dict[str, int]) -> Table:
    table = Table("Class", "Images", "", box=None)
    largest = max(classes.values(), default=1)
    for name, count in classes.items():
        table.add_row(escape(readable(name)), f"{count:,}", "█" * max(1, round(BAR_WIDTH * count / largest)))
    return table
