"""What a trained model gives: scores, answers, explanations, exports."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event
from finetuner.engine.events.scanning import ScanProblem


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


class Trust(BaseModel):
    """Whether a map may be believed. Means of the class's probability, and how the map depends on what was learned."""

    model_config = ConfigDict(frozen=True)
    deletion: float = Field(description="While what the map marks is taken away, the strongest first; low is good.")
    insertion: float = Field(description="While it is shown, the strongest first; high is good.")
    deletion_by_chance: float
    insertion_by_chance: float
    likeness: float = Field(
        description="Rank correlation with the map after head and upper blocks were randomised; near 1 is bad."
    )
    sentence: str


class Explained(Event):
    """A picture of why. `overlay` is a PNG on disk; `heat` the bare map as PNG, where one was written.

    `layer` is empty for a method that looks at none; `sentence` tells what the picture cannot.
    """

    kind: Literal["explained"] = "explained"
    image: str
    method: str
    layer: str
    label: str
    probability: float
    overlay: str
    heat: str
    seconds: float
    sentence: str = ""
    trust: Trust | None = None


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
