"""What is asked while somebody teaches."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from finetuner.engine.job import BackbonePart
from finetuner.engine.requests.request import Request


class PrepareLessonRequest(Request):
    """Make a network ready to be taught: as an .onnx that gives features, kept from then on. Yields LessonPrepared.

    With `run` it is that run's best network, and what the run's images look like to it comes along.
    """

    task: Literal["prepare-lesson"] = "prepare-lesson"
    run: Path | None = None
    backbone: BackbonePart = BackbonePart()


class FitLessonRequest(Request):
    """Solve a head on the features in `lesson`, and in `base`, into the file `out`. Yields LessonFitted."""

    task: Literal["fit-lesson"] = "fit-lesson"
    lesson: Path
    out: Path
    base: Path | None = None
    val_split: float = Field(0.2, gt=0, lt=1)
    seed: int = 0
