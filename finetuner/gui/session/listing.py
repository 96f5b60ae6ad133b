"""The list of runs as an event. Imported in the thread that reads them: the first paint needs neither."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from finetuner.engine.events import Event
from finetuner.engine.run_store.runs import list_runs


class RunsListed(Event):
    """All runs, newest first."""

    kind: str = "runs-listed"
    runs: tuple[Any, ...]


def listing(root: Path) -> Iterator[Event]:
    """Read all runs in the folder `root`."""
    yield RunsListed(runs=tuple(list_runs(root)))
