"""What an action is given, what it needs to know, what comes of it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pydantic import Field

from finetuner.engine.job import Part
from finetuner.engine.prediction.predictor import Pixels


class ActionsPart(Part):
    """When something happens, and what. Without any of the last four, nothing does."""

    when_label: str = Field("", title="When it shows", description="A class; empty: any of them.")
    least: float = Field(0.9, ge=0, le=1, title="At least", description="Probability from which on it counts, 0 to 1.")
    every: float = Field(
        5.0, ge=0.5, le=86_400, title="At most every", description="Seconds between two times, while it goes on."
    )
    sound: bool = Field(False, title="Play a sound", description="A short tone.")
    table: Path | None = Field(None, title="CSV", description="Append time, label and probability to this CSV file.")
    frames: Path | None = Field(
        None, title="Folder for frames", description="Save the frame here, in a folder named after its label."
    )
    post: str = Field(
        "", title="HTTP POST", description="Send label, probability and time to this address; never the image."
    )

    def without_network(self) -> "ActionsPart":
        """The same, but that nothing leaves the machine: what may be on again without somebody having asked."""
        return self.model_copy(update={"post": ""})


@dataclass(frozen=True)
class Sight:
    """A label that was shown: `pixels` is the frame, H x W x 3 (RGB)."""

    label: str
    probability: float
    time: datetime
    pixels: Pixels


@dataclass(frozen=True)
class Outcome:
    """What an action leaves to whoever can do it: a WAV file to be played."""

    sound: Path | None = None


class Action(Protocol):
    """Made anew for each sight, in a thread that may wait."""

    def wanted(self, options: ActionsPart) -> bool:
        """Whether its option is set."""
        ...

    def act(self, sight: Sight, options: ActionsPart) -> Outcome:
        """Do it. Raises FinetunerError with a sentence when that does not succeed."""
        ...
