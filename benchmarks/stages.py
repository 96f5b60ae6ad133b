"""The stages of a run, walked in a process of its own: how long each takes, and what memory they hold."""

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from benchmarks.footprint import Footprint, anonymous_mb
from finetuner.engine.events import EpochEnded, Event, Progress
from finetuner.engine.job import Job

_STAGES = {
    "Finding files": "scan",
    "Computing features": "features",
    "Solving the head": "head",
    "Measuring the best model": "judging",
}
_KINDS = {"images-scanned": "scan", "scan-ended": "scan", "batch-ended": "steps"}


@dataclass(frozen=True)
class Walked:
    """`seconds` of each stage, and from the start of Python (`total`). Memory in MB: the peak, and after each epoch."""

    seconds: dict[str, float]
    peak_mb: float
    epochs_mb: tuple[float, ...]


def trained(job: Job, run: Path, home: Path) -> Walked:
    """What `finetuner train` does, from nothing. `decode` includes loading the network."""
    return _alone(_train, (job, run), home)


def scanned(data: Path, home: Path) -> Walked:
    """What `finetuner scan` does."""
    return _alone(_scan, (data,), home)


def _alone(task: Callable[..., tuple[dict[str, float], tuple[float, ...]]], given: tuple, home: Path) -> Walked:
    began = time.perf_counter()
    with (
        patch.dict(os.environ, FINETUNER_HOME=str(home)),
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool,
        Footprint(pool.submit(os.getpid).result()) as footprint,
    ):
        seconds, epochs = pool.submit(task, *given).result()
    return Walked({**seconds, "total": time.perf_counter() - began}, footprint.peak_mb, epochs)


def _train(job: Job, run: Path) -> tuple[dict[str, float], tuple[float, ...]]:
    from finetuner.engine.requests import TrainRequest
    from finetuner.engine.training.loop import train

    return _walked(train(TrainRequest(job=job, run=run)))


def _scan(data: Path) -> tuple[dict[str, float], tuple[float, ...]]:
    from finetuner.engine.dataset.scan import scan
    from finetuner.engine.requests import ScanRequest

    return _walked(scan(ScanRequest(data=data)))


def _walked(events: Iterator[Event]) -> tuple[dict[str, float], tuple[float, ...]]:
    """The time up to an event belongs to the stage that it tells of; but solving the head is told of beforehand."""
    seconds, epochs, mark, solving = Counter[str](), list[float](), time.perf_counter(), False
    for event in events:
        now = time.perf_counter()
        seconds["head" if solving else _stage(event)] += now - mark
        mark, solving = now, isinstance(event, Progress) and event.activity == "Solving the head"
        epochs += [anonymous_mb()] if isinstance(event, EpochEnded) else []
    return dict(seconds), tuple(epochs)


def _stage(event: Event) -> str:
    if not isinstance(event, Progress):
        return _KINDS.get(event.kind, "rest")
    if event.activity == "Reading images":  # the scan tells its rate, decoding does not
        return "scan" if event.rate is not None else "decode"
    return _STAGES.get(event.activity, "rest")
