"""What the engine reports. Events are frozen and travel as JSON: through a pipe, into `events.jsonl`, to a signal.

Every long call yields `Progress` while it works, `Notice` for what the user should know, and ends with its own
result event (`RunEnded`, `ScanEnded`, ...) or with `Failed`, which a launcher makes of an exception.

    event      Progress, Notice, Failed: what any call may report
    scanning   a folder of images
    training   a run
    race       strategies raced against each other
    results    scores, answers, what is wrong with them
    explanations  pictures of what a network sees, concepts, styles
    exports    a model as a file
    shortcuts  what each class hangs on
    advice     which backbone suits these images
    teaching   what is learned from frames that somebody names
    machine    devices, the shelf of backbones, previews
    parsing    from JSON back to an event: a new event is added to its union

An event's class is loaded when it is first named: pydantic takes longer to load than an empty window to open, and the
window needs no event before it is painted.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from finetuner.engine.events.explanations import (
        ConceptScore,
        ConceptTested,
        Explained,
        Judged,
        LayerRow,
        LayersListed,
        StyleTransferred,
        Trust,
    )
    from finetuner.engine.events.exports import (
        Certificate,
        Exported,
        FileFigures,
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
    from finetuner.engine.events.race import RaceEnded, RaceEntered, RaceEntry, RaceScored
    from finetuner.engine.events.results import (
        ClassScore,
        Curve,
        Embedded,
        EvaluationEnded,
        MappedImage,
        OthersMeasured,
        Predicted,
        PredictionEnded,
        PredictionRow,
        Reliability,
        ReliabilityBin,
        RobustnessMeasured,
        RobustnessPoint,
        Scores,
        Suspect,
        SuspectsRanked,
        UnknownMeasured,
    )
    from finetuner.engine.events.scanning import (
        ImagesFound,
        ImagesScanned,
        ScanEnded,
        ScannedImage,
        ScanProblem,
    )
    from finetuner.engine.events.shortcuts import (
        ClassHabit,
        PlaceHabit,
        ShortcutsMeasured,
        Suspicion,
    )
    from finetuner.engine.events.teaching import LessonFitted, LessonPrepared
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
        Watched,
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
    "ClassHabit",
    "ClassScore",
    "ConceptScore",
    "ConceptTested",
    "Continued",
    "Curve",
    "DeviceChecked",
    "DoctorEnded",
    "Downloaded",
    "Embedded",
    "EpochEnded",
    "EvaluationEnded",
    "Event",
    "Explained",
    "Exported",
    "Failed",
    "FileFigures",
    "ImagesFound",
    "ImagesScanned",
    "Judged",
    "LayerRow",
    "LayersListed",
    "LessonFitted",
    "LessonPrepared",
    "MappedImage",
    "Notice",
    "OthersMeasured",
    "Paused",
    "PhaseRow",
    "PhaseStarted",
    "PlaceHabit",
    "PlanDrawn",
    "Predicted",
    "PredictionEnded",
    "PredictionRow",
    "PreviewMade",
    "Progress",
    "RaceEnded",
    "RaceEntered",
    "RaceEntry",
    "RaceScored",
    "Reliability",
    "ReliabilityBin",
    "RobustnessMeasured",
    "RobustnessPoint",
    "RunEnded",
    "RunStarted",
    "ScanEnded",
    "ScanProblem",
    "ScannedImage",
    "Scores",
    "ShortcutsMeasured",
    "SpeedMeasured",
    "StyleTransferred",
    "Suspect",
    "SuspectsRanked",
    "Suspicion",
    "TrainSummary",
    "Trust",
    "UnknownMeasured",
    "Watched",
    "WeightsInspected",
    "parse_event",
]

_ROOMS = (
    "event",
    "scanning",
    "training",
    "race",
    "results",
    "explanations",
    "shortcuts",
    "exports",
    "advice",
    "teaching",
    "machine",
    "parsing",
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Look for `name` in one room after the other, and keep it. Raises AttributeError."""
        for room in _ROOMS if name in __all__ else ():
            found = vars(import_module(f"{__name__}.{room}")).get(name)
            if found is not None:
                return globals().setdefault(name, found)
        raise AttributeError(f"module {__name__} has no attribute {name}")
