"""All runs at a glance: list, compare, delete to the trash."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import send2trash

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import EpochEnded, Event, RunEnded, RunStarted, TrainSummary
from finetuner.engine.run_store.run_folder import RunFolder

Status = Literal["running", "interrupted", "done", "stopped", "failed"]


@dataclass(frozen=True)
class RunInfo:
    """A run's key figures. `resumable`: it can go on from where it stands."""

    path: Path
    status: Status
    backbone: str
    strategy: str
    started: datetime
    epochs: int
    epochs_done: int
    curve: tuple[EpochEnded, ...]
    summary: TrainSummary | None
    sentence: str
    val_images: int = 0

    @property
    def name(self) -> str:
        """The folder's name, which is the run's."""
        return self.path.name

    @property
    def resumable(self) -> bool:
        """Whether *Resume* makes sense."""
        return self.status in ("interrupted", "failed") or (self.status == "stopped" and self.epochs_done < self.epochs)


def list_runs(root: Path) -> list[RunInfo]:
    """Every run directly inside `root`, newest first; folders that hold none are passed over."""
    found = [info for job in root.glob("*/job.toml") if (info := _readable(job.parent)) is not None]
    return sorted(found, key=lambda info: info.started, reverse=True)


def describe(path: Path) -> RunInfo:
    """One run's key figures. Raises FinetunerError when the folder is no run or its job is damaged."""
    run = RunFolder.open(path)
    job, events = run.job, [entry.event for entry in run.events.entries()]
    curve = tuple(event for event in events if isinstance(event, EpochEnded))
    ended = _ending(events)
    return RunInfo(
        path=run.path,
        status=_status(run, ended),
        backbone=next((e.backbone for e in events if isinstance(e, RunStarted)), job.backbone.backbone),
        strategy=job.strategy.strategy,
        started=_moment(run.job_file),
        epochs=next((e.epochs for e in events if isinstance(e, RunStarted)), job.strategy.epochs or 0),
        epochs_done=curve[-1].epoch if curve else 0,
        curve=curve,
        summary=ended.summary if ended else None,
        sentence=ended.sentence if ended else "",
        val_images=next((e.val_images for e in events if isinstance(e, RunStarted)), 0),
    )


def trash(path: Path) -> None:
    """Move a run to the system's trash. Raises FinetunerError when it is running or there is no trash."""
    run = RunFolder.open(path)
    if run.lock.held:
        raise FinetunerError(f"The run {run.path.name} is still training.", "Stop it first.")
    try:
        send2trash.send2trash(str(run.path))
    except OSError as error:
        raise FinetunerError(f"The run {run.path.name} could not be moved to the trash: {error}.") from error


def _readable(path: Path) -> RunInfo | None:
    try:
        return describe(path)
    except (FinetunerError, OSError):
        return None


def _ending(events: list[Event]) -> RunEnded | None:
    """The run's end; one that was followed by a resume is not the end any more."""
    last = next((e for e in reversed(events) if isinstance(e, RunEnded | RunStarted)), None)
    return last if isinstance(last, RunEnded) else None


def _moment(path: Path) -> datetime:
    """When a file was written; the beginning of time where its folder came with an impossible date."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0)


def _status(run: RunFolder, ended: RunEnded | None) -> Status:
    if run.lock.held:
        return "running"
    return ended.status if ended else "interrupted"
