"""A request from its JSON text."""

import json
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from finetuner.engine.requests.explanations import (
    ConceptRequest,
    ExplainRequest,
    JudgeRequest,
    LayersRequest,
    StyleRequest,
)
from finetuner.engine.requests.exports import (
    ExportRequest,
)
from finetuner.engine.requests.machine import (
    AdviseRequest,
    CarryInRequest,
    CarryOutRequest,
    CatalogueRequest,
    DoctorRequest,
    DownloadRequest,
    InspectWeightsRequest,
    SpeedRequest,
)
from finetuner.engine.requests.request import Request
from finetuner.engine.requests.results import (
    EmbedRequest,
    EvaluateRequest,
    PredictRequest,
    RefitRequest,
    RobustnessRequest,
    ShortcutsRequest,
    SuspectsRequest,
    UnknownRequest,
)
from finetuner.engine.requests.teaching import FitLessonRequest, PrepareLessonRequest
from finetuner.engine.requests.training import (
    PlanRequest,
    PreviewRequest,
    RaceRequest,
    ResumeRequest,
    ScanRequest,
    TrainRequest,
)

AnyRequest = Annotated[
    ScanRequest
    | TrainRequest
    | ResumeRequest
    | RaceRequest
    | SuspectsRequest
    | EmbedRequest
    | RefitRequest
    | RobustnessRequest
    | UnknownRequest
    | ShortcutsRequest
    | EvaluateRequest
    | PredictRequest
    | ExplainRequest
    | ConceptRequest
    | StyleRequest
    | JudgeRequest
    | LayersRequest
    | ExportRequest
    | DoctorRequest
    | CatalogueRequest
    | SpeedRequest
    | DownloadRequest
    | CarryOutRequest
    | CarryInRequest
    | InspectWeightsRequest
    | AdviseRequest
    | PrepareLessonRequest
    | FitLessonRequest
    | PlanRequest
    | PreviewRequest,
    Field(discriminator="task"),
]
_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyRequest)


def parse_request(text: str | bytes) -> Request:
    """A request from its JSON text. Raises ValueError (pydantic's or json's) when it is none."""
    return _ADAPTER.validate_python(json.loads(text))
