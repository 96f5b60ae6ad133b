"""What makes a model: images, a plan, a run."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from finetuner.engine.job import Augmentation, Job
from finetuner.engine.requests.request import Request

RACERS = ("probe", "lp-ft", "gradual", "discriminative", "full")


class ScanRequest(Request):
    """Look at a folder or manifest: classes, splits, problems. Yields [ImagesFound...,] ImagesScanned..., ScanEnded."""

    task: Literal["scan"] = "scan"
    data: Path
    val: Path | None = None
    val_split: float = 0.2
    seed: int = 0
    headers_first: bool = Field(False, description="Tell of all images by their headers before files are checked.")


class PreviewRequest(Request):
    """Augmented versions of one image, written into `folder`. Yields PreviewMade."""

    task: Literal["preview"] = "preview"
    image: Path
    augmentation: Augmentation
    folder: Path
    size: int = 160
    count: int = 8
    seed: int = 0


class PlanRequest(Request):
    """Draw the strategy's table for this job's backbone. Yields PlanDrawn."""

    task: Literal["plan"] = "plan"
    job: Job


class TrainRequest(Request):
    """Run `job` into the new folder `run`. Yields RunStarted, ..., RunEnded."""

    task: Literal["train"] = "train"
    job: Job
    run: Path


class ResumeRequest(Request):
    """Go on with an interrupted run from its newest checkpoint."""

    task: Literal["resume"] = "resume"
    run: Path


class RaceRequest(Request):
    """Train `job` by each of the strategies for an equal share of `seconds`, one after the other, into folders beside
    `out` that are called after it. Yields for each RaceEntered, what training yields, RaceScored; at last RaceEnded.
    """

    task: Literal["race"] = "race"
    job: Job
    out: Path
    seconds: float = Field(gt=0, description="Of training, for all of them together.")
    strategies: tuple[str, ...] = RACERS
