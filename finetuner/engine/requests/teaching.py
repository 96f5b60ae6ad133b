"""What is asked while somebody teaches."""

from pathlib import Path
from typing import Literal

from finetuner.engine.job import Job
from finetuner.engine.requests.request import Request


class PrepareLessonRequest(Request):
    """Make the job's network ready to be taught: as an .onnx that gives features, kept from then on.

    With `run` it is that run's best network, and what the run's images look like to it comes along. Yields
    LessonPrepared.
    """

    task: Literal["prepare-lesson"] = "prepare-lesson"
    job: Job
    run: Path | None = None


class FitLessonRequest(Request):
    """Solve a head on the features in `lesson`, and in `base`, into the file `out`. Yields LessonFitted."""

    task: Literal["fit-lesson"] = "fit-lesson"
    lesson: Path
    out: Path
    base: Path | None = None
    val_split: float = 0.2
    seed: int = 0
