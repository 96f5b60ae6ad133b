"""What a trained model gives: scores, answers, explanations, exports."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event
from finetuner.engine.events.scanning import ScanProblem

Interval = tuple[float, float]
Curve = tuple[tuple[float, float], ...]


class ClassScore(BaseModel):
    """Precision, recall and F1 of one class over `support` images; intervals are 95 % Wilson intervals.

    Against the other classes, by its probability: `roc` from (0, 0) to (1, 1), false by true positive rate, and
    `precision_recall`, recall by precision, with their areas; none where there are no images of it, or no others.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    precision: float
    recall: float
    f1: float
    support: int
    precision_interval: Interval = (0.0, 1.0)
    recall_interval: Interval = (0.0, 1.0)
    roc: Curve = ()
    precision_recall: Curve = ()
    auc: float | None = None
    average_precision: float | None = None


class ReliabilityBin(BaseModel):
    """The answers given with a confidence from `low` to `high`: how confident on average, and how often right."""

    model_config = ConfigDict(frozen=True)
    low: float
    high: float
    confidence: float
    accuracy: float
    accuracy_interval: Interval
    n: int


class Reliability(BaseModel):
    """Whether 80 % means 80 %. `error` is the expected calibration error (Naeini et al., 2015)."""

    model_config = ConfigDict(frozen=True)
    error: float
    bins: tuple[ReliabilityBin, ...]


class Scores(BaseModel):
    """What `metrics.json` holds: pure numbers over `n` labelled predictions."""

    model_config = ConfigDict(frozen=True)
    n: int
    accuracy: float
    accuracy_interval: Interval = Field(description="95 % Wilson interval.")
    loss: float
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...] = Field(description="Rows: true class; columns: predicted class.")
    per_class: tuple[ClassScore, ...]
    temperature: float = 1.0
    loss_interval: Interval | None = Field(None, description="95 % bootstrap interval.")
    balanced_accuracy: float | None = Field(None, description="The mean recall of the classes that have images.")
    balanced_interval: Interval | None = Field(None, description="95 % bootstrap interval, within each class.")
    top5: float | None = Field(None, description="How often the truth is among five answers; with over five classes.")
    top5_interval: Interval | None = None
    reliability: Reliability | None = Field(None, description="Of the probabilities as the user sees them.")
    reliability_raw: Reliability | None = Field(None, description="Of the probabilities before temperature scaling.")


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


class Suspect(BaseModel):
    """An image whose label may be wrong: what else it looks like, and by how much the label falls behind."""

    model_config = ConfigDict(frozen=True)
    path: str
    content: str
    split: str
    label: str
    suggested: str
    probability: float = Field(description="Of the suggestion, by a head that never saw the image.")
    margin: float = Field(description="Probability of the label less that of the suggestion, from -1 to 1.")
    likely: bool = Field(description="Whether confident learning counts the label as wrong.")


class SuspectsRanked(Event):
    """The run's images, the most suspicious labels first."""

    kind: Literal["suspects-ranked"] = "suspects-ranked"
    images: int
    suspects: tuple[Suspect, ...]


class RobustnessPoint(BaseModel):
    """Accuracy at one strength of one disturbance; `none` is the image as it is."""

    model_config = ConfigDict(frozen=True)
    disturbance: str
    strength: float
    accuracy: float
    accuracy_interval: Interval


class RobustnessMeasured(Event):
    """How the model bears disturbances, on so many validation images; the undisturbed ones come first."""

    kind: Literal["robustness-measured"] = "robustness-measured"
    images: int
    points: tuple[RobustnessPoint, ...]


ALIKE = 0.5
"""A rank correlation from which on two maps are taken for alike: gradients stay below it, deconvnets do not."""


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

    @property
    def refuted(self) -> bool:
        """Whether the map must not be relied on."""
        no_better = self.deletion >= self.deletion_by_chance and self.insertion <= self.insertion_by_chance
        return self.likeness >= ALIKE or no_better


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


class Judged(Event):
    """Whether the map of a method for a class of an image may be believed."""

    kind: Literal["judged"] = "judged"
    image: str
    method: str
    label: str
    trust: Trust


class LayerRow(BaseModel):
    """A layer that may be looked at: a module's name, and how many places it has in each direction."""

    model_config = ConfigDict(frozen=True)
    name: str
    side: int


class LayersListed(Event):
    """Where each block of a run's network ends, from stem to head; `usual` is looked at unless one is chosen."""

    kind: Literal["layers-listed"] = "layers-listed"
    run: str
    usual: str
    layers: tuple[LayerRow, ...]


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
