"""What each class hangs on, place by place."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event
from finetuner.engine.events.results import Interval, PredictionRow

Suspicion = Literal["suspicious", "mirrored", "unsuspicious", "too-few"]
"""`mirrored`: of two classes the one that is told by the absence of what marks the other."""


class PlaceHabit(BaseModel):
    """One place in the images of one class: what attention it gets, and how often it decides."""

    model_config = ConfigDict(frozen=True)
    place: Literal["border", "background"]
    area: float = Field(description="The place's share of an image: what attention would be there by chance.")
    attention: float | None = Field(description="Mean share of attention; none where no map says anything.")
    attention_interval: Interval = Field((0.0, 1.0), description="95 % bootstrap interval.")
    n: int = Field(description="Right answers of which it could be told whether this place decides.")
    decided: float | None = Field(description="The share of these that it decides; none where n is 0.")
    decided_interval: Interval = Field((0.0, 1.0), description="95 % Wilson interval.")
    suspicion: Suspicion
    rows: tuple[PredictionRow, ...] = Field(description="The images that it decides.")


class ClassHabit(BaseModel):
    """A class: its held-out images, how many of them are answered rightly, the average map as a PNG."""

    model_config = ConfigDict(frozen=True)
    name: str
    n: int
    right: int
    places: tuple[PlaceHabit, ...]
    sentence: str
    suspicion: Suspicion
    picture: str = Field("", description="Where it was written; empty where none was wanted.")
    rows: tuple[PredictionRow, ...]


class ShortcutsMeasured(Event):
    """What every class hangs on, the classes in index order."""

    kind: Literal["shortcuts-measured"] = "shortcuts-measured"
    method: str
    layer: str
    classes: tuple[ClassHabit, ...]
