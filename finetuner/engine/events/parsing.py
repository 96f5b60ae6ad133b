"""An event from its JSON text."""

import json
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from finetuner.engine.events.advice import (
    AdviceEnded,
    BackboneAdvised,
)
from finetuner.engine.events.event import (
    Event,
    Failed,
    Notice,
    Progress,
)
from finetuner.engine.events.explanations import (
    ConceptTested,
    Explained,
    Judged,
    LayersListed,
    StyleTransferred,
)
from finetuner.engine.events.exports import (
    Exported,
)
from finetuner.engine.events.machine import (
    CarriedIn,
    CarriedOut,
    CatalogueListed,
    DoctorEnded,
    Downloaded,
    PreviewMade,
    SpeedMeasured,
    WeightsInspected,
)
from finetuner.engine.events.race import RaceEnded, RaceEntered, RaceScored
from finetuner.engine.events.results import (
    Embedded,
    EvaluationEnded,
    Predicted,
    PredictionEnded,
    RobustnessMeasured,
    SuspectsRanked,
    UnknownMeasured,
)
from finetuner.engine.events.scanning import (
    ImagesFound,
    ImagesScanned,
    ScanEnded,
)
from finetuner.engine.events.shortcuts import ShortcutsMeasured
from finetuner.engine.events.teaching import LessonFitted, LessonPrepared
from finetuner.engine.events.training import (
    BatchEnded,
    CheckpointSaved,
    Continued,
    EpochEnded,
    Paused,
    PhaseStarted,
    PlanDrawn,
    RunEnded,
    RunStarted,
    Watched,
)

AnyEvent = Annotated[
    Progress
    | Notice
    | Failed
    | ImagesFound
    | ImagesScanned
    | ScanEnded
    | PlanDrawn
    | RunStarted
    | PhaseStarted
    | BatchEnded
    | EpochEnded
    | Watched
    | CheckpointSaved
    | Paused
    | Continued
    | RunEnded
    | RaceEntered
    | RaceScored
    | RaceEnded
    | Predicted
    | PredictionEnded
    | EvaluationEnded
    | SuspectsRanked
    | UnknownMeasured
    | Embedded
    | RobustnessMeasured
    | ShortcutsMeasured
    | Explained
    | ConceptTested
    | StyleTransferred
    | Exported
    | Judged
    | LayersListed
    | DoctorEnded
    | CatalogueListed
    | SpeedMeasured
    | Downloaded
    | CarriedOut
    | CarriedIn
    | WeightsInspected
    | PreviewMade
    | BackboneAdvised
    | LessonPrepared
    | LessonFitted
    | AdviceEnded,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyEvent)


def parse_event(text: str | bytes) -> Event:
    """An event from its JSON text. Raises ValueError (pydantic's or json's) when it is none."""
    return _ADAPTER.validate_python(json.loads(text))
