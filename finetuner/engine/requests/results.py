"""What is asked of a finished run, or put right in it."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from finetuner.engine.requests.request import Request


class EvaluateRequest(Request):
    """Score a run on a labelled folder. Yields Progress..., EvaluationEnded."""

    task: Literal["evaluate"] = "evaluate"
    run: Path
    data: Path


class PredictRequest(Request):
    """Answer an image or a folder of images with a run or an .onnx. Yields Predicted..., PredictionEnded."""

    task: Literal["predict"] = "predict"
    model: Path
    source: Path
    top: int = 5


class RobustnessRequest(Request):
    """How does a run bear blur, darkness and the like? Yields Progress..., RobustnessMeasured."""

    task: Literal["robustness"] = "robustness"
    run: Path
    count: int = Field(100, ge=1, description="How many validation images are disturbed.")


class UnknownRequest(Request):
    """From where on is an image unknown to a run? Yields Progress..., UnknownMeasured.

    `against`: images of other kinds, to be told apart; `known_share`: how many known images are to pass from now on.
    """

    task: Literal["unknown"] = "unknown"
    run: Path
    against: Path | None = None
    known_share: float | None = None
    anew: bool = Field(False, description="Learn it again from the run's images.")


class SuspectsRequest(Request):
    """Which labels of a run's images are likely wrong? Yields Progress..., SuspectsRanked."""

    task: Literal["suspects"] = "suspects"
    run: Path


class EmbedRequest(Request):
    """A map of a run's images. Yields Progress..., Embedded (PCA), Progress, Embedded (t-SNE)."""

    task: Literal["embed"] = "embed"
    run: Path
    method: Literal["pca", "t-sne"] = Field("t-sne", description="pca ends after the first map.")


class RefitRequest(Request):
    """Solve the head of `run` again with corrected labels, into the new folder `out`. Yields what training yields."""

    task: Literal["refit"] = "refit"
    run: Path
    corrections: Path
    out: Path


class ShortcutsRequest(Request):
    """Which place of an image decides for each class of a run? Yields Progress..., ShortcutsMeasured.

    `out`: a folder for the average map of each class, if one is wanted.
    """

    task: Literal["shortcuts"] = "shortcuts"
    run: Path
    method: str = "grad-cam"
    out: Path | None = None
    count: int = Field(100, ge=1, description="How many held-out images of each class are looked at, at most.")
