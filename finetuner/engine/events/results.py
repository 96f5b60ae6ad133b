"""What a trained model gives: scores, answers, what is wrong with them."""

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
    f1_interval: Interval | None = None
    roc: Curve = ()
    precision_recall: Curve = ()
    auc: float | None = None
    auc_interval: Interval | None = None
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
    balanced_interval: Interval | None = Field(None, description="95 % interval, from how sure each class is.")
    top5: float | None = Field(None, description="How often the truth is among five answers; with over five classes.")
    top5_interval: Interval | None = None
    reliability: Reliability | None = Field(None, description="Of the probabilities as the user sees them.")
    reliability_raw: Reliability | None = Field(None, description="Of the probabilities before temperature scaling.")


class PredictionRow(BaseModel):
    """One image's answer; `label` is the predicted class, `truth` the given one where there is one.

    `unsure`: whether the label is too improbable to be answered; None where the model has no thresholds.
    `unknown`: whether the image is unlike all that the model learned, by its `unknown_score`; None where it has none.
    """

    model_config = ConfigDict(frozen=True)
    source: str
    label: str
    probability: float
    top: tuple[tuple[str, float], ...] = ()
    truth: str | None = None
    unsure: bool | None = None
    unknown: bool | None = None
    unknown_score: float | None = None


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


class MappedImage(BaseModel):
    """An image on a map: `answer` is what the model says of it, with what `probability`."""

    model_config = ConfigDict(frozen=True)
    path: str
    label: str
    split: str
    answer: str
    probability: float
    x: float
    y: float


class Embedded(Event):
    """A map of a run's images: near each other lie those that the network sees alike. Axes have no unit."""

    kind: Literal["embedded"] = "embedded"
    method: Literal["pca", "t-sne"]
    points: tuple[MappedImage, ...]
    explained: float | None = Field(None, description="Share of the variance that both axes hold; of PCA alone.")


class OthersMeasured(BaseModel):
    """What becomes of images of other kinds: how many of them are unknown, and the area under the ROC curve.

    The area is the chance that one of them is stranger than a known image (`unknown_score`).
    """

    model_config = ConfigDict(frozen=True)
    folder: str
    images: int
    unknown: int
    unknown_interval: Interval
    auroc: float
    auroc_interval: Interval


class UnknownMeasured(Event):
    """From which score on an image is unknown to a run, and how many of its held-out known images pass."""

    kind: Literal["unknown-measured"] = "unknown-measured"
    run: str
    method: str
    threshold: float
    known_share: float
    images: int
    passing: int
    passing_interval: Interval
    others: OthersMeasured | None = None
    skipped: tuple[ScanProblem, ...] = ()


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
