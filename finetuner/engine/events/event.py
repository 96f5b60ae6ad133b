"""What every long call reports: progress, notices, failure."""

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """Something that happened. Unknown fields of later versions are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    kind: str

    def to_json(self) -> str:
        """One line of ASCII; file names that are not UTF-8 survive as surrogate escapes."""
        return json.dumps(self.model_dump())  # pydantic's own JSON mode would lose them where they are keys


class Progress(Event):
    """`done` of `total` (None: unknown) in `activity`; `rate` per second, `seconds_left` when it can be told.

    `unit` tells what is counted where that is not plain from the activity.
    """

    kind: Literal["progress"] = "progress"
    activity: str
    done: int
    total: int | None = None
    rate: float | None = None
    seconds_left: float | None = None
    unit: Literal["", "bytes"] = ""


class Notice(Event):
    """Something the user should know; work goes on."""

    kind: Literal["notice"] = "notice"
    sentence: str
    next_step: str = ""
    level: Literal["info", "warning"] = "info"


class Failed(Event):
    """The call ended without its result. `details` is for a report, not for the page."""

    kind: Literal["failed"] = "failed"
    sentence: str
    next_step: str = ""
    details: str = ""
