"""The stages of a run, walked in a process of its own: how long each takes, and what memory they hold."""

import multiprocessing
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from benchmarks.footprint import Footprint, anonymous_mb
from benchmarks.processor import processor_seconds
from finetuner.engine.events import EpochEnded, Event, Progress
from finetuner.engine.job import Job

_STAGES = {
    "Finding files": "scan",
    "Finding images": "scan",
    "Checking images": "scan",
    "Reading images": "decode",
    "Computing features": "features",
    "Solving the head": "head",
    "Measuring the best model": "judging",
}
_KINDS = {"images-scanned": "scan", "scan-ended": "scan", "batch-ended": "steps"}


class Told(NamedTuple):
    """What the process tells of itself; see `Walked`."""

    seconds: dict[str, float]
    processor: dict[str, float]
    epochs_mb: tuple[float, ...]


@dataclass(frozen=True)
class Walked:
    """The stages and their `total`, which begins with Python: `seconds` by the clock, and of `processor` time.

    Processor time is that of all threads and child processes: what else the machine does changes it little. Memory in
    MB: the peak, and after each epoch.
    """

    seconds: dict[str, float]
    processor: dict[str, float]
    peak_mb: float
    epochs_mb: tuple[float, ...]


def trained(job: Job, run: Path, home: Path) -> Walked:
    """What `finetuner train` does, from nothing. `decode` includes loading the network."""
    return _alone(_train, (job, run), home)


def scanned(data: Path, home: Path) -> Walked:
    """What `finetuner scan` does."""
    return _alone(_scan, (data,), home)


def _alone(task: Callable[..., Told], given: tuple, home: Path) -> Walked:
    began = time.perf_counter()
    with (
        patch.dict(os.environ, FINETUNER_HOME=str(home)),
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool,
        Footprint(pool.submit(os.getpid).result()) as footprint,
    ):
        told = pool.submit(task, *given).result()
    seconds = {**told.seconds, "total": time.perf_counter() - began}
    return Walked(seconds, told.processor, footprint.peak_mb, told.epochs_mb)


def _train(job: Job, run: Path) -> Told:
    from finetuner.engine.requests import TrainRequest
    from finetuner.engine.training.loop import train

    return _walked(train(TrainRequest(job=job, run=run)))


def _scan(data: Path) -> Told:
    from finetuner.engine.dataset.scan import scan
    from finetuner.engine.requests import ScanRequest

    return _walked(scan(ScanRequest(data=data)))


def _walked(events: Iterator[Event]) -> Told:
    """The time up to an event belongs to the stage that it tells of; but solving the head is told of beforehand."""
    seconds, processor, epochs = defaultdict[str, float](float), defaultdict[str, float](float), list[float]()
    mark, used, solving = time.perf_counter(), processor_seconds(), False
    for event in events:
        now, then = time.perf_counter(), processor_seconds()
        name = "head" if solving else stage(event)
        seconds[name] += now - mark
        processor[name] += then - used
        mark, used, solving = now, then, isinstance(event, Progress) and event.activity == "Solving the head"
        epochs += [anonymous_mb()] if isinstance(event, EpochEnded) else []
    return Told(dict(seconds), {**processor, "total": processor_seconds()}, tuple(epochs))


def stage(event: Event) -> str:
    if not isinstance(event, Progress):
        return _KINDS.get(event.kind, "rest")
    return _STAGES.get(event.activity, "rest")
