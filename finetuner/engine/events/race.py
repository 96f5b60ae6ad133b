"""What a race of strategies reports, beside what each of its runs does."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from finetuner.engine.events.event import Event


class RaceEntry(BaseModel):
    """A strategy that has been raced: an ordinary run, and its figures on the `images` all entries were judged on."""

    model_config = ConfigDict(frozen=True)
    strategy: str
    run: str
    status: Literal["done", "stopped", "failed"]
    accuracy: float
    accuracy_interval: tuple[float, float]
    loss: float
    images: int
    epochs: int
    best_epoch: int
    seconds: float = Field(description="Of training alone, as if it had been the only entry.")


class RaceEntered(Event):
    """The next strategy starts, with so many seconds of training."""

    kind: Literal["race-entered"] = "race-entered"
    number: int
    entries: int
    strategy: str
    run: str
    seconds: float


class RaceScored(Event):
    """A strategy is through."""

    kind: Literal["race-scored"] = "race-scored"
    entry: RaceEntry


class RaceEnded(Event):
    """All that were raced, best first; `winner` is the run to take, which need not lead, and `sentence` says why."""

    kind: Literal["race-ended"] = "race-ended"
    status: Literal["done", "stopped"]
    ranking: tuple[RaceEntry, ...]
    winner: str
    sentence: str
    budget: float
