"""What is read of runs, as events. Imported in the thread that reads: the first paint needs none of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from finetuner.engine.evaluation.two_runs import compare_runs
from finetuner.engine.events import Event
from finetuner.engine.run_store.runs import list_runs


class RunsListed(Event):
    """All runs, newest first."""

    kind: str = "runs-listed"
    runs: tuple[Any, ...]


class RunsCompared(Event):
    """Two runs on the images that both held out: `found` is a TwoRuns."""

    kind: str = "runs-compared"
    found: Any


def listing(root: Path) -> Iterator[Event]:
    """Read all runs in the folder `root`."""
    yield RunsListed(runs=tuple(list_runs(root)))


def comparing(first: Path, second: Path) -> Iterator[Event]:
    """Compare two runs. Raises FinetunerError when one has no answers."""
    yield RunsCompared(found=compare_runs(first, second))
