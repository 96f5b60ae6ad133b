"""The argument of every long call. A request is a value: it can wait in a queue, cross a pipe, be repeated.

    request       what every request is
    training      what makes a model: images, a plan, a run
    results       what is asked of a finished run, or put right in it
    explanations  a look inside a network
    exports       a model as a file
    teaching      frames that somebody names, and the head they make
    machine       devices, and the backbones on this disk
    parsing       from JSON back to a request: a new request is added to its union

`launchers.tasks.TASKS` says which generator function answers which request.
"""

from finetuner.engine.requests.explanations import (
    ConceptRequest,
    ExplainRequest,
    JudgeRequest,
    LayersRequest,
    StylePart,
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
from finetuner.engine.requests.parsing import AnyRequest, parse_request
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
    RACERS,
    PlanRequest,
    PreviewRequest,
    RaceRequest,
    ResumeRequest,
    ScanRequest,
    TrainRequest,
)

__all__ = [
    "RACERS",
    "AdviseRequest",
    "AnyRequest",
    "CarryInRequest",
    "CarryOutRequest",
    "CatalogueRequest",
    "ConceptRequest",
    "DoctorRequest",
    "DownloadRequest",
    "EmbedRequest",
    "EvaluateRequest",
    "ExplainRequest",
    "ExportRequest",
    "FitLessonRequest",
    "InspectWeightsRequest",
    "JudgeRequest",
    "LayersRequest",
    "PlanRequest",
    "PredictRequest",
    "PrepareLessonRequest",
    "PreviewRequest",
    "RaceRequest",
    "RefitRequest",
    "Request",
    "ResumeRequest",
    "RobustnessRequest",
    "ScanRequest",
    "ShortcutsRequest",
    "SpeedRequest",
    "StylePart",
    "StyleRequest",
    "SuspectsRequest",
    "TrainRequest",
    "UnknownRequest",
    "parse_request",
]
