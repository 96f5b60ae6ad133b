"""What the engine reports. Events are frozen and travel as JSON: through a pipe, into `events.jsonl`, to a signal.

Every long call yields `Progress` while it works, `Notice` for what the user should know, and ends with its own
result event (`RunEnded`, `ScanEnded`, ...) or with `Failed`, which a launcher makes of an exception.

    event      Progress, Notice, Failed: what any call may report
    scanning   a folder of images
    training   a run
    results    scores, answers, explanations, exports
    advice     which backbone suits these images
    machine    devices, the shelf of backbones, previews
    parsing    from JSON back to an event: a new event is added to its union
"""

from finetuner.engine.events.advice import (
    AdviceEnded,
    BackboneAdvice,
    BackboneAdvised,
)
from finetuner.engine.events.event import (
    Event,
    Failed,
    Notice,
    Progress,
)
from finetuner.engine.events.machine import (
    BackboneRow,
    CarriedIn,
    CarriedOut,
    CatalogueListed,
    DeviceChecked,
    DoctorEnded,
    Downloaded,
    PreviewMade,
    SpeedMeasured,
    WeightsInspected,
)
from finetuner.engine.events.parsing import AnyEvent, parse_event
from finetuner.engine.events.results import (
    Certificate,
    ClassScore,
    EvaluationEnded,
    Explained,
    Exported,
    Predicted,
    PredictionEnded,
    PredictionRow,
    Scores,
    Trust,
)
from finetuner.engine.events.scanning import (
    ImagesScanned,
    ScanEnded,
    ScannedImage,
    ScanProblem,
)
from finetuner.engine.events.training import (
    BatchEnded,
    CheckpointSaved,
    Continued,
    EpochEnded,
    Paused,
    PhaseRow,
    PhaseStarted,
    PlanDrawn,
    RunEnded,
    RunStarted,
    TrainSummary,
)

__all__ = [
    "AdviceEnded",
    "AnyEvent",
    "BackboneAdvice",
    "BackboneAdvised",
    "BackboneRow",
    "BatchEnded",
    "CarriedIn",
    "CarriedOut",
    "CatalogueListed",
    "Certificate",
    "CheckpointSaved",
    "ClassScore",
    "Continued",
    "DeviceChecked",
    "DoctorEnded",
    "Downloaded",
    "EpochEnded",
    "EvaluationEnded",
    "Event",
    "Explained",
    "Exported",
    "Failed",
    "ImagesScanned",
    "Notice",
    "Paused",
    "PhaseRow",
    "PhaseStarted",
    "PlanDrawn",
    "Predicted",
    "PredictionEnded",
    "PredictionRow",
    "PreviewMade",
    "Progress",
    "RunEnded",
    "RunStarted",
    "ScanEnded",
    "ScanProblem",
    "ScannedImage",
    "Scores",
    "SpeedMeasured",
    "TrainSummary",
    "Trust",
    "WeightsInspected",
    "parse_event",
]
