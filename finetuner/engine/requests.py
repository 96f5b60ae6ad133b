"""The argument of every long call. A request is a value: it can wait in a queue, cross a pipe, be repeated.

`launchers.tasks.TASKS` says which generator function answers which request.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from finetuner.engine.job import Augmentation, Device, Job


class Request(BaseModel):
    """One long call to the engine."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str

    def to_json(self) -> str:
        """One line of ASCII; file names that are not UTF-8 survive as surrogate escapes."""
        return json.dumps(self.model_dump(mode="json"))


class ScanRequest(Request):
    """Look at a folder or manifest: classes, splits, problems. Yields [ImagesFound...,] ImagesScanned..., ScanEnded."""

    task: Literal["scan"] = "scan"
    data: Path
    val: Path | None = None
    val_split: float = 0.2
    seed: int = 0
    headers_first: bool = Field(False, description="Tell of all images by their headers before files are checked.")


class TrainRequest(Request):
    """Run `job` into the new folder `run`. Yields RunStarted, ..., RunEnded."""

    task: Literal["train"] = "train"
    job: Job
    run: Path


class ResumeRequest(Request):
    """Go on with an interrupted run from its newest checkpoint."""

    task: Literal["resume"] = "resume"
    run: Path


class SuspectsRequest(Request):
    """Which labels of a run's images are likely wrong? Yields Progress..., SuspectsRanked."""

    task: Literal["suspects"] = "suspects"
    run: Path


class RefitRequest(Request):
    """Solve the head of `run` again with corrected labels, into the new folder `out`. Yields what training yields."""

    task: Literal["refit"] = "refit"
    run: Path
    corrections: Path
    out: Path


class RobustnessRequest(Request):
    """How does a run bear blur, darkness and the like? Yields Progress..., RobustnessMeasured."""

    task: Literal["robustness"] = "robustness"
    run: Path
    count: int = Field(100, ge=1, description="How many validation images are disturbed.")


class ShortcutsRequest(Request):
    """Which place of an image decides for each class of a run? Yields Progress..., ShortcutsMeasured.

    `out`: a folder for the average map of each class, if one is wanted.
    """

    task: Literal["shortcuts"] = "shortcuts"
    run: Path
    method: str = "grad-cam"
    out: Path | None = None
    count: int = Field(100, ge=1, description="How many held-out images of each class are looked at, at most.")


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


class ExplainRequest(Request):
    """Why this answer? One image and method: writes `out` (PNG). A folder, or the method `all`: one PNG each into the
    folder `out`, told as Explained..., and a Notice for what does not fit.
    """

    task: Literal["explain"] = "explain"
    run: Path
    image: Path
    method: str = "grad-cam"
    out: Path
    label: str | None = Field(None, description="Explain this class; default: the predicted one.")
    layer: str | None = Field(None, description="A module's name; default: by family.")
    trust: bool = Field(False, description="Also find out whether each map may be believed.")


class ExportRequest(Request):
    """Write a verified model file. Yields Progress..., Exported."""

    task: Literal["export"] = "export"
    run: Path
    format: str = "onnx"
    out: Path
    author: str = ""


class DoctorRequest(Request):
    """Versions and a real kernel on each device. Yields DoctorEnded."""

    task: Literal["doctor"] = "doctor"


class CatalogueRequest(Request):
    """The shelf of backbones, searched. Yields CatalogueListed."""

    task: Literal["catalogue"] = "catalogue"
    search: str = ""
    source: str | None = None
    available: bool = False


class SpeedRequest(Request):
    """Time backbones on this machine, one after the other. Yields Progress, SpeedMeasured... for each."""

    task: Literal["measure-speed"] = "measure-speed"
    backbones: tuple[str, ...]
    device: Device = "auto"


class DownloadRequest(Request):
    """Fetch a backbone's published weights; the only request that opens a socket. Yields Progress..., Downloaded."""

    task: Literal["download"] = "download"
    backbone: str


class CarryOutRequest(Request):
    """Write a network's weights as one file for a machine without network. Yields Progress..., CarriedOut."""

    task: Literal["carry-out"] = "carry-out"
    backbone: str
    out: Path


class CarryInRequest(Request):
    """Check and keep a file that was carried here. Yields Progress, CarriedIn."""

    task: Literal["carry-in"] = "carry-in"
    file: Path


class InspectWeightsRequest(Request):
    """Which network do these weights fit? Yields WeightsInspected."""

    task: Literal["inspect-weights"] = "inspect-weights"
    weights: Path
    backbone: str | None = None


class AdviseRequest(Request):
    """Which backbone suits the images of `job`? Yields Progress..., BackboneAdvised..., AdviceEnded.

    `backbones`: names to try; empty: every one whose weights are on this disk.
    """

    task: Literal["advise"] = "advise"
    job: Job
    backbones: tuple[str, ...] = ()


class PlanRequest(Request):
    """Draw the strategy's table for this job's backbone. Yields PlanDrawn."""

    task: Literal["plan"] = "plan"
    job: Job


class PreviewRequest(Request):
    """Augmented versions of one image, written into `folder`. Yields PreviewMade."""

    task: Literal["preview"] = "preview"
    image: Path
    augmentation: Augmentation
    folder: Path
    size: int = 160
    count: int = 8
    seed: int = 0


AnyRequest = Annotated[
    ScanRequest
    | TrainRequest
    | ResumeRequest
    | SuspectsRequest
    | RefitRequest
    | RobustnessRequest
    | ShortcutsRequest
    | EvaluateRequest
    | PredictRequest
    | ExplainRequest
    | ExportRequest
    | DoctorRequest
    | CatalogueRequest
    | SpeedRequest
    | DownloadRequest
    | CarryOutRequest
    | CarryInRequest
    | InspectWeightsRequest
    | AdviseRequest
    | PlanRequest
    | PreviewRequest,
    Field(discriminator="task"),
]
_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyRequest)


def parse_request(text: str | bytes) -> Request:
    """A request from its JSON text. Raises ValueError (pydantic's or json's) when it is none."""
    return _ADAPTER.validate_python(json.loads(text))
