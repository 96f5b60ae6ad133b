"""What a training run reports, from its plan to its end."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event


class PhaseRow(BaseModel):
    """A phase of the plan: from epoch `start`, one learning rate per block, stem first; None is frozen."""

    model_config = ConfigDict(frozen=True)
    start: int
    title: str
    rates: tuple[float | None, ...]
    solve: bool = Field(False, description="The head is solved at once, not stepped; its rate is not used.")


class PlanDrawn(Event):
    """The strategy as a table: rows are phases, columns are blocks (the head last)."""

    kind: Literal["plan-drawn"] = "plan-drawn"
    blocks: tuple[str, ...]
    block_parameters: tuple[int, ...]
    phases: tuple[PhaseRow, ...]
    batch_norm: str
    epochs: int


class RunStarted(Event):
    """The run is set up; training follows."""

    kind: Literal["run-started"] = "run-started"
    run: str
    classes: tuple[str, ...]
    train_images: int
    val_images: int
    backbone: str
    strategy: str
    epochs: int
    batch_size: int
    image_size: int
    device: str
    precision: str
    resumed_at: int = Field(0, description="Epochs already done when the run was resumed.")


class PhaseStarted(Event):
    """The plan moved to its phase `index`."""

    kind: Literal["phase-started"] = "phase-started"
    index: int
    title: str
    epoch: int


class BatchEnded(Event):
    """One optimiser step. `rates`: the learning rate of each block now, None for frozen."""

    kind: Literal["batch-ended"] = "batch-ended"
    step: int
    steps: int
    epoch: int
    loss: float
    rates: tuple[float | None, ...]
    images_per_second: float
    seconds_left: float
    memory_mb: float


class EpochEnded(Event):
    """An epoch and its validation. `epoch` counts from 1."""

    kind: Literal["epoch-ended"] = "epoch-ended"
    epoch: int
    epochs: int
    train_loss: float
    val_loss: float
    val_accuracy: float
    rates: tuple[float | None, ...]
    images_per_second: float
    seconds: float
    best: bool


class Watched(Event):
    """What the network said to the watched image after `epoch`; `top` has its likeliest classes, before calibration.

    `picture` is Grad-CAM for the first of them, as a PNG in the run folder, by its name there.
    """

    kind: Literal["watched"] = "watched"
    epoch: int
    image: str
    truth: str | None = None
    top: tuple[tuple[str, float], ...]
    picture: str


class CheckpointSaved(Event):
    """Everything up to `epoch` is safe on disk."""

    kind: Literal["checkpoint-saved"] = "checkpoint-saved"
    epoch: int
    path: str


class Paused(Event):
    """Training waits for the user."""

    kind: Literal["paused"] = "paused"


class Continued(Event):
    """Training goes on after a pause."""

    kind: Literal["continued"] = "continued"


class TrainSummary(BaseModel):
    """The figures of a finished run, as `finetuner train --json` prints them."""

    model_config = ConfigDict(frozen=True)
    run: str
    classes: tuple[str, ...]
    epochs: int
    best_epoch: int
    val_accuracy: float
    val_accuracy_interval: tuple[float, float]
    val_loss: float
    train_images: int
    val_images: int
    seconds: float
    images_per_second: float
    device: str
    precision: str
    strategy: str
    backbone: str


class RunEnded(Event):
    """The run is over: done, or stopped by the user with the best kept, or failed (still resumable)."""

    kind: Literal["run-ended"] = "run-ended"
    status: Literal["done", "stopped", "failed"]
    sentence: str
    next_step: str = ""
    summary: TrainSummary | None = None
