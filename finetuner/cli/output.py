"""What a verb prints: one JSON document or plain lines on stdout, progress on stderr."""

import json
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Column, Table
from rich.text import Text

from finetuner.engine import events
from finetuner.engine.errors import FinetunerError

_WIDE = 10_000


def print_json(document: Any) -> None:
    """One JSON document on stdout, in ASCII, so that any file name survives; null for what is no number."""
    print(json.dumps(_finite(document), indent=1, allow_nan=False))


def _finite(value: Any) -> Any:
    """The same without NaN and infinities, which JSON does not know: the curve of a run that went astray has them."""
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_table(table: Table) -> None:
    """A table on stdout, of which nothing is cut: a terminal folds cells, anything else gets whole lines."""
    console = Console() if sys.stdout.isatty() else Console(width=_WIDE)
    for column in table.columns:
        column.no_wrap = column.no_wrap and _widest(column) <= console.width // 2
        column.overflow = "ellipsis" if column.no_wrap else "fold"
    console.print(table)


def _widest(column: Column) -> int:
    return max((len(str(cell)) for cell in column.cells), default=0)


def say(text: str) -> None:
    """A plain line on stdout; bytes of a file name that are no UTF-8 come out as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "surrogateescape"))


def drive(stream: Iterable[events.Event]) -> Iterator[events.Event]:
    """Pass events on while showing progress and notices on stderr; closing it closes the stream.

    Raises FinetunerError when the stream tells of a failure.
    """
    with _bars() as bars:
        for event in stream:
            bars.show(event)
            if isinstance(event, events.Failed):
                raise FinetunerError(event.sentence, event.next_step)
            yield event


def last(stream: Iterable[events.Event]) -> events.Event | None:
    """Drive the stream to its end and return its last event."""
    final = None
    for event in drive(stream):
        final = event
    return final


class _AmountColumn(ProgressColumn):
    """So many of so many; bytes in megabytes, with their rate."""

    def render(self, task: Task) -> Text:
        if task.fields["unit"] != "bytes":
            return MofNCompleteColumn().render(task)
        return Text("  ").join([DownloadColumn().render(task), TransferSpeedColumn().render(task)])


class _Bars:
    """One bar per activity, and a line for each notice and epoch."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, event: events.Event) -> None:
        match event:
            case events.Progress():
                self._update(event.activity, event.done, event.total, event.unit)
            case events.BatchEnded():
                self._update(f"Epoch {event.epoch}", event.step, event.steps)
            case events.Notice():
                self._progress.console.print(f"{event.sentence} {event.next_step}".strip(), markup=False)
            case events.EpochEnded():
                self._progress.console.print(_epoch(event), markup=False)

    def _update(self, activity: str, done: int, total: int | None, unit: str = "") -> None:
        if activity not in self._tasks:
            for task in self._tasks.values():
                self._progress.remove_task(task)
            self._tasks = {activity: self._progress.add_task(activity, unit=unit)}
        self._progress.update(self._tasks[activity], completed=done, total=total)


def _epoch(event: events.EpochEnded) -> str:
    star = " *" if event.best else ""
    return (
        f"epoch {event.epoch}/{event.epochs}  loss {event.train_loss:.4f}  "
        f"val loss {event.val_loss:.4f}  val accuracy {event.val_accuracy:.1%}{star}"
    )


@contextmanager
def _bars() -> Iterator[_Bars]:
    columns = (TextColumn("{task.description}"), BarColumn(), _AmountColumn(), TimeRemainingColumn())
    console = Console(stderr=True, soft_wrap=True)  # a sentence is one line, whatever reads it
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bars(progress)
