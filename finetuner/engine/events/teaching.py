"""What teaching reports from the engine's process."""

from typing import Literal

from pydantic import Field

from finetuner.engine.events.event import Event
from finetuner.engine.events.results import Interval


class LessonPrepared(Event):
    """The network is ready: `extractor` gives its features; `base` holds those of a run's images, if there is one."""

    kind: Literal["lesson-prepared"] = "lesson-prepared"
    extractor: str
    backbone: str
    base: str = ""
    classes: tuple[str, ...] = ()


class LessonFitted(Event):
    """A head was solved on all frames. How often one that never saw the held-out bursts is right on their frames:
    `hits` of `n`, from `bursts` bursts; n is 0 where there is nothing to hold out.
    """

    kind: Literal["lesson-fitted"] = "lesson-fitted"
    head: str
    classes: tuple[str, ...]
    frames: int
    n: int = Field(0, description="Held-out frames.")
    hits: int = 0
    bursts: int = 0
    interval: Interval = (0.0, 1.0)
    seconds: float = 0.0
