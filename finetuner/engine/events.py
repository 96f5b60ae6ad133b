"""What the engine reports. Events are frozen and travel as JSON: through a pipe, into `events.jsonl`, to a signal.

Every long call yields `Progress` while it works, `Notice` for what the user should know, and ends with its own
result event (`RunEnded`, `ScanEnded`, ...) or with `Failed`, which a launcher makes of an exception.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Event(BaseModel):
    """Something that happened. Unknown fields of later versions are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    kind: str

    def to_json(self) -> str:
        """One line of ASCII; file names that are not UTF-8 survive as surrogate escapes."""
        return json.dumps(self.model_dump())  # pydantic's own JSON mode would lose them where they are keys


# --- any long call -------------------------------------------------------------------------------------------


class Progress(Event):
    """`done` of `total` (None: unknown) in `activity`; `rate` per second, `seconds_left` when it can be told."""

    kind: Literal["progress"] = "progress"
    activity: str
    done: int
    total: int | None = None
    rate: float | None = None
    seconds_left: float | None = None


class Notice(Event):
    """Something the user should know; work goes on."""

    kind: Literal["notice"] = "notice"
    sentence: str
    next_step: str = ""
    level: Literal["info", "warning"] = "info"


class Failed(Event):
    """The call ended without its result. `details` is for a report, not for the page."""

    kind: Literal["failed"] = "failed"
    sentence: str
    next_step: str = ""
    details: str = ""


# --- scan ----------------------------------------------------------------------------------------------------


class ScannedImage(BaseModel):
    """A usable image: where it is, what it is labelled, how it looks from outside."""

    model_config = ConfigDict(frozen=True)
    path: str
    label: str
    split: Literal["train", "val", "test"] | None = None
    width: int
    height: int
    format: str
    content: str = Field("", description="SHA-256 of the file's bytes.")
    group: str = Field("", description="Images of one group look alike and stay in one split.")


class ScanProblem(BaseModel):
    """A file that was set aside, and why."""

    model_config = ConfigDict(frozen=True)
    path: str
    reason: str


class ImagesScanned(Event):
    """A batch of usable images, as they are found."""

    kind: Literal["images-scanned"] = "images-scanned"
    images: tuple[ScannedImage, ...]


class ScanEnded(Event):
    """The whole folder: `used + excluded = seen`. `classes` maps a name to its number of used images."""

    kind: Literal["scan-ended"] = "scan-ended"
    folder: str
    classes: dict[str, int]
    splits: dict[str, int] = Field(description="Images per split (train, val, test).")
    used: int
    excluded: int
    seen: int
    problems: tuple[ScanProblem, ...] = ()
    notices: tuple[str, ...] = ()
    layout: Literal["folders", "split-folders", "manifest"] = "folders"


# --- train ---------------------------------------------------------------------------------------------------


class PhaseRow(BaseModel):
    """A phase of the plan: from epoch `start`, one learning rate per block, stem first; None is frozen."""

    model_config = ConfigDict(frozen=True)
    start: int
    title: str
    rates: tuple[float | None, ...]


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


# --- evaluate, explain, export, predict ----------------------------------------------------------------------


class ClassScore(BaseModel):
    """Precision, recall and F1 of one class over `support` images."""

    model_config = ConfigDict(frozen=True)
    name: str
    precision: float
    recall: float
    f1: float
    support: int


class Scores(BaseModel):
    """What `metrics.json` holds: pure numbers over `n` labelled predictions."""

    model_config = ConfigDict(frozen=True)
    n: int
    accuracy: float
    accuracy_interval: tuple[float, float] = Field(description="95 % Wilson interval.")
    loss: float
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...] = Field(description="Rows: true class; columns: predicted class.")
    per_class: tuple[ClassScore, ...]
    temperature: float = 1.0


class PredictionRow(BaseModel):
    """One image's answer; `label` is the predicted class, `truth` the given one where there is one."""

    model_config = ConfigDict(frozen=True)
    source: str
    label: str
    probability: float
    top: tuple[tuple[str, float], ...] = ()
    truth: str | None = None


class Predicted(Event):
    """Answers, as they come."""

    kind: Literal["predicted"] = "predicted"
    rows: tuple[PredictionRow, ...]


class PredictionEnded(Event):
    """All sources are answered; `skipped` could not be read."""

    kind: Literal["prediction-ended"] = "prediction-ended"
    images: int
    seconds: float
    skipped: tuple[ScanProblem, ...] = ()


class EvaluationEnded(Event):
    """A labelled folder was scored. `rows` carry truth and answer of each image."""

    kind: Literal["evaluation-ended"] = "evaluation-ended"
    folder: str
    scores: Scores
    rows: tuple[PredictionRow, ...]
    skipped: tuple[ScanProblem, ...] = ()
    notices: tuple[str, ...] = ()


class Explained(Event):
    """A picture of where the network looks. `overlay` is a PNG on disk, `heat` the bare map as PNG."""

    kind: Literal["explained"] = "explained"
    image: str
    method: str
    layer: str
    label: str
    probability: float
    overlay: str
    heat: str
    seconds: float


class Certificate(BaseModel):
    """What was compared between the exported file and torch, and how well it agreed."""

    model_config = ConfigDict(frozen=True)
    images: int
    agreement: float = Field(description="Share of images with the same top-1 class.")
    largest_difference: float = Field(description="Largest |difference| over all probabilities.")
    tolerance: float
    passed: bool
    created: str
    versions: dict[str, str]
    format: str
    note: str = ""

    def sentence(self) -> str:
        """The certificate in words."""
        return (
            f"On {self.images} images the exported file and the app agree on {self.agreement:.0%} of the answers; "
            f"the largest difference in a probability is {self.largest_difference:.1e} "
            f"(allowed: {self.tolerance:.0e})."
        )


class Exported(Event):
    """The file is written and verified."""

    kind: Literal["exported"] = "exported"
    run: str
    path: str
    format: str
    size_mb: float
    milliseconds: float = Field(description="Per image, in onnxruntime on this machine's CPU; 0 if not measured.")
    certificate: Certificate


# --- machine and shelf ---------------------------------------------------------------------------------------


class DeviceChecked(BaseModel):
    """A device on which a real kernel ran, or the reason why none did, with the fix."""

    model_config = ConfigDict(frozen=True)
    device: str
    name: str
    works: bool
    chosen: bool = False
    reason: str = ""
    fix: str = ""
    memory_mb: float = 0.0
    gigaflops: float = 0.0


class DoctorEnded(Event):
    """Versions and devices. `checks` holds the rest: free disk, runs folder, network switch."""

    kind: Literal["doctor-ended"] = "doctor-ended"
    versions: dict[str, str]
    devices: tuple[DeviceChecked, ...]
    checks: dict[str, str] = Field(default_factory=dict)


class BackboneRow(BaseModel):
    """A line of the catalogue. `size_mb`: fp32 weights. `where`: a short word on availability."""

    model_config = ConfigDict(frozen=True)
    name: str
    source: str
    family: str
    parameters: int
    input_size: int
    size_mb: float
    available: bool = Field(description="Its weights are on this disk.")
    where: str = Field(description="'on disk', 'download 14 MB', 'random weights only'.")
    licence: str = ""
    note: str = ""


class CatalogueListed(Event):
    """The shelf of backbones."""

    kind: Literal["catalogue-listed"] = "catalogue-listed"
    rows: tuple[BackboneRow, ...]


class Downloaded(Event):
    """A backbone's weights are on this disk now."""

    kind: Literal["downloaded"] = "downloaded"
    backbone: str
    path: str


class WeightsInspected(Event):
    """A local weight file: which architecture it fits, and how well."""

    kind: Literal["weights-inspected"] = "weights-inspected"
    path: str
    backbone: str
    loaded: int
    total: int
    sentence: str


class PreviewMade(Event):
    """Augmented versions of one image, as PNG files; the first is the image as the network sees it plain."""

    kind: Literal["preview-made"] = "preview-made"
    images: tuple[str, ...]


AnyEvent = Annotated[
    Progress
    | Notice
    | Failed
    | ImagesScanned
    | ScanEnded
    | PlanDrawn
    | RunStarted
    | PhaseStarted
    | BatchEnded
    | EpochEnded
    | CheckpointSaved
    | Paused
    | Continued
    | RunEnded
    | Predicted
    | PredictionEnded
    | EvaluationEnded
    | Explained
    | Exported
    | DoctorEnded
    | CatalogueListed
    | Downloaded
    | WeightsInspected
    | PreviewMade,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyEvent)


def parse_event(text: str | bytes) -> Event:
    """An event from its JSON text. Raises ValueError (pydantic's or json's) when it is none."""
    return _ADAPTER.validate_python(json.loads(text))
