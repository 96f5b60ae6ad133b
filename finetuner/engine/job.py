"""A Job is one run completely described. The window is a form that writes one; TOML keeps it.

Each option is declared once, here: its name is the flag, its title the form's label, its description
the help text, its limits the validation. Field names are unique over all parts, since flags are flat.
"""

import tomllib
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from finetuner.engine.documents import read_document
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_text

StrategyName = Literal["auto", "probe", "freeze", "gradual", "discriminative", "full", "lp-ft", "scratch"]
BatchNorm = Literal["auto", "frozen", "train", "frozen-affine"]
Augmentation = Literal["none", "light", "randaugment", "trivialaugment"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]
Compile = Literal["auto", "on", "off"]
NOT_WATCHED, ANY_WATCHED = "none", "auto"
"""What `watch` may say in the place of a file: no image; a validation image."""


class Part(BaseModel):
    """A group of options: unknown names are refused, values never change after creation."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DataPart(Part):
    """Which images, and how they are divided."""

    data: Path | None = Field(None, title="Images", description="Folder of labelled images, or CSV/TSV manifest.")
    val: Path | None = Field(None, title="Validation folder", description="Validate on this labelled folder.")
    val_split: float = Field(
        0.2, gt=0, lt=0.9, title="Validation share", description="Share set aside for validation, per class."
    )
    corrections: Path | None = Field(
        None, title="Corrections", description="Labels put right: a manifest, or a file of the window."
    )
    balance: Literal["none", "weights", "sampler"] = Field(
        "none", title="Balance classes", description="Counter unequal class sizes: weigh the loss, or sample evenly."
    )


class BackbonePart(Part):
    """Which pretrained network, and how it sees an image."""

    backbone: str = Field("auto", title="Backbone", description="A timm or torchvision name, or auto.")
    weights: Path | None = Field(None, title="Weight file", description="Load these weights (safetensors, .pth).")
    pretrained: bool = Field(True, title="Pretrained", description="Start from pretrained weights, not random ones.")
    image_size: int | None = Field(
        None, ge=16, le=2048, title="Image size", description="Side of the network's input in pixels; default: its own."
    )
    dropout: float | None = Field(None, ge=0, lt=1, title="Dropout", description="Drop rate before the head.")
    drop_path: float | None = Field(
        None, ge=0, lt=1, title="Drop path", description="Stochastic depth rate, where the network has it."
    )


class StrategyPart(Part):
    """What learns, when, and how fast."""

    strategy: StrategyName = Field(
        "auto", title="Strategy", description="How the network is adapted; auto: probe where it is pretrained."
    )
    epochs: int | None = Field(
        None, ge=1, le=10_000, title="Epochs", description="Passes over the training images; default: the strategy's."
    )
    lr: float | None = Field(
        None, gt=0, le=10, title="Learning rate", description="Learning rate of the head; default: the strategy's own."
    )
    freeze_blocks: int | None = Field(
        None, ge=0, title="Frozen blocks", description="freeze: blocks kept frozen, counted from the stem."
    )
    layer_decay: float | None = Field(
        None, gt=0, le=1, title="Layer decay", description="discriminative: each block's rate over the next one's."
    )
    batch_norm: BatchNorm = Field(
        "auto",
        title="Batch norm",
        description="Statistics frozen, trained, or affine parameters frozen too; auto: frozen if pretrained.",
    )


class OptimisationPart(Part):
    """How a step is taken."""

    batch_size: int | None = Field(
        None, ge=1, le=4096, title="Batch size", description="Images a step; default: by the data and this machine."
    )
    optimizer: Literal["adamw", "sgd"] = Field("adamw", title="Optimizer", description="AdamW, or SGD with momentum.")
    momentum: float = Field(0.9, ge=0, lt=1, title="Momentum", description="SGD's momentum; AdamW's first beta.")
    weight_decay: float = Field(
        0.02, ge=0, le=1, title="Weight decay", description="Not applied to biases and normalisation."
    )
    schedule: Literal["cosine", "one-cycle", "constant"] = Field(
        "cosine", title="Schedule", description="How the learning rate moves over the run."
    )
    warmup_epochs: float = Field(1.0, ge=0, title="Warm-up", description="Epochs of linear warm-up.")
    label_smoothing: float = Field(0.05, ge=0, lt=1, title="Label smoothing", description="Softens the targets.")
    clip_grad: float | None = Field(1.0, gt=0, title="Gradient clipping", description="Largest gradient norm.")
    ema: float = Field(0.0, ge=0, lt=1, title="Weight averaging", description="EMA decay of the weights; 0: off.")
    patience: int | None = Field(
        None, ge=1, title="Early stopping", description="Stop after so many epochs without a better validation score."
    )
    time_limit: float | None = Field(
        None, gt=0, le=1e7, title="Time limit", description="End after so many seconds of training; the best is kept."
    )


class AugmentationPart(Part):
    """How training images are varied."""

    augmentation: Augmentation = Field("light", title="Augmentation", description="Random changes to training images.")
    mixup: float = Field(0.0, ge=0, le=4, title="Mixup", description="Blend pairs of images (alpha); 0: off.")
    cutmix: float = Field(0.0, ge=0, le=4, title="CutMix", description="Paste patches between images (alpha); 0: off.")
    kept_views: int = Field(
        2,
        ge=0,
        le=100,
        title="Kept views",
        description="How many versions of each image frozen blocks see, once each; 0: a new one in every epoch.",
    )


class ComputePart(Part):
    """Where and how exactly the sums are done."""

    device: Device = Field("auto", title="Device", description="The fastest device that works, or a certain one.")
    precision: Precision = Field(
        "auto", title="Precision", description="bf16 or fp16 where it helps, or a certain one."
    )
    compile: Compile = Field(
        "auto",
        title="Compile",
        description="Compile training steps; auto: on a GPU, where a long run gains by it and a compiler is installed.",
    )
    threads: int | None = Field(None, ge=1, le=256, title="CPU threads", description="Default: one for each core.")
    seed: int = Field(0, ge=0, lt=2**31, title="Seed", description="All random numbers of the run come from it.")


class WatchPart(Part):
    """What is looked at while the network learns; the result is the same."""

    watch: str = Field(
        NOT_WATCHED,
        min_length=1,
        title="Watched image",
        description="An image file whose answer and Grad-CAM are kept after each epoch; auto: a validation image.",
    )

    @property
    def image(self) -> Path | None:
        """The file, where one is named."""
        return None if self.watch in (NOT_WATCHED, ANY_WATCHED) else Path(self.watch)


class Job(Part):
    """One run, completely described."""

    data: DataPart = DataPart()
    backbone: BackbonePart = BackbonePart()
    strategy: StrategyPart = StrategyPart()
    optimisation: OptimisationPart = OptimisationPart()
    augmentation: AugmentationPart = AugmentationPart()
    compute: ComputePart = ComputePart()
    watching: WatchPart = WatchPart()

    def changed(self, **options: Any) -> "Job":
        """A copy with these options changed, by flat name: `job.changed(epochs=3, seed=7)`.

        Raises FinetunerError when a name is unknown or a value is out of its limits.
        """
        document = self.model_dump()
        for name, value in options.items():
            document[part_of(name)][name] = value
        return _validated(document)

    def get(self, name: str) -> Any:
        """An option's value by its flat name."""
        return getattr(getattr(self, part_of(name)), name)

    def to_toml(self) -> str:
        """The job as TOML; an option left to its default of None is absent."""
        return tomli_w.dumps(self.model_dump(mode="json", exclude_none=True))

    @classmethod
    def from_toml(cls, text: str) -> "Job":
        """Read a job back. Raises FinetunerError when it is not one."""
        try:
            return _validated(tomllib.loads(text))
        except (ValueError, RecursionError) as error:  # tomllib tells a number of too many digits as ValueError
            raise FinetunerError(f"The job is not valid TOML: {error}.") from error

    def save(self, path: Path) -> None:
        """Write the job's TOML file atomically."""
        write_text(path, self.to_toml())

    @classmethod
    def load(cls, path: Path) -> "Job":
        """Read a job's TOML file. Raises FinetunerError when it is missing or not a job."""
        try:
            return cls.from_toml(read_document(path).decode("utf-8", "surrogateescape"))
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise FinetunerError(f"The job file {path} cannot be read: {why}.") from error


def part_of(option: str) -> str:
    """The name of the part in which an option is declared. Raises FinetunerError for an unknown one."""
    for name, field in Job.model_fields.items():
        if option in _options(field.annotation):
            return name
    raise FinetunerError(f"There is no option called {option}.")


def _options(part: Any) -> dict[str, Any]:
    return part.model_fields if isinstance(part, type) and issubclass(part, Part) else {}


def _validated(document: dict[str, Any]) -> Job:
    try:
        return Job.model_validate(document)
    except ValidationError as error:
        raise FinetunerError(explain(error)) from error


def explain(error: ValidationError) -> str:
    """The first complaint of a validation as a sentence: `epochs: Input should be greater than ...`."""
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'][-1:])}: {first['msg']}."
