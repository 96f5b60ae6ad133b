"""Answer an image or a folder of images."""

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing

from finetuner.engine.dataset.names import readable
from finetuner.engine.dataset.walk import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import ranked
from finetuner.engine.events import Event, Predicted, PredictionEnded, PredictionRow, Progress, ScanProblem
from finetuner.engine.prediction.predictor import Answers, Predictor, Shares, open_model
from finetuner.engine.prediction.sources import Picture, entries, pictures
from finetuner.engine.requests import PredictRequest

BATCH = 16
BATCH_PIXELS = 16_000_000
"""A batch is closed at so many pixels: sixteen photos of 50 megapixels would fill the memory."""


def predict(request: PredictRequest) -> Iterator[Event]:
    """Answer a PredictRequest: Progress and Predicted..., PredictionEnded. Closing it stops the reading.

    Raises FinetunerError when the model or the source cannot be opened, or holds nothing; bad files are set aside.
    """
    start = time.monotonic()
    yield Progress(activity="Opening the model", done=0)
    predictor, files = open_model(request.model), entries(request.source)
    if not files:
        told = f"There is no image in {readable(str(request.source))}."
        raise FinetunerError(told, "Give an image or a folder of images.")
    images, skipped = 0, list[ScanProblem]()
    for batch, answers, problems in answered(predictor, files):
        skipped += problems
        images += len(batch)
        if answers is not None:
            yield Predicted(rows=rows(batch, answers, predictor, request.top))
        yield progress(images + len(skipped), len(files), time.monotonic() - start)
    yield PredictionEnded(images=images, seconds=time.monotonic() - start, skipped=tuple(skipped))


Batch = tuple[list[Picture], list[ScanProblem]]


def answered(
    predictor: Predictor, files: Sequence[Entry]
) -> Generator[tuple[list[Picture], Answers | None, list[ScanProblem]], None, None]:
    """Read and answer batch by batch: the pictures, their answers, and what could not be read meanwhile."""
    with closing(pictures(files)) as results:
        for batch, problems in batches(results):
            yield batch, predictor.answer([picture.pixels for picture in batch]) if batch else None, problems


def batches(results: Iterable[Picture | ScanProblem]) -> Iterator[Batch]:
    """Group by number and by pixels."""
    batch, problems = list[Picture](), list[ScanProblem]()
    for result in results:
        if isinstance(result, ScanProblem):
            problems.append(result)
        else:
            batch.append(result)
        if len(batch) + len(problems) >= BATCH or _pixels(batch) >= BATCH_PIXELS:
            yield batch, problems
            batch, problems = [], []
    if batch or problems:
        yield batch, problems


def _pixels(batch: list[Picture]) -> int:
    return sum(picture.pixels.shape[0] * picture.pixels.shape[1] for picture in batch)


def rows(
    batch: Sequence[Picture], answers: Answers, model: Predictor, top: int, truth: Sequence[str | None] = ()
) -> tuple[PredictionRow, ...]:
    """One row for each picture, its `top` classes ranked."""
    given = truth or [None] * len(batch)
    return tuple(
        row(picture.path, shares, model, top, label, score)
        for picture, shares, label, score in zip(
            batch, answers.probabilities, given, answers.strangeness(), strict=True
        )
    )


def row(
    source: str, shares: Shares, model: Predictor, top: int, truth: str | None = None, score: float | None = None
) -> PredictionRow:
    """What `model` says where it gives these probabilities, C; unsure below the threshold of the best class.

    `score`: how strange the image is to it, where it says so; unknown above its cut.
    """
    best = ranked(shares, model.classes, max(top, 1))
    label, probability = best[0]
    return PredictionRow(
        source=source,
        label=label,
        probability=probability,
        top=best,
        truth=truth,
        unsure=model.thresholds.unsure(label, probability),
        unknown=model.cut.unknown(score) if model.cut is not None and score is not None else None,
        unknown_score=score,
    )


def progress(done: int, total: int, seconds: float) -> Progress:
    """So far, how fast, how long yet."""
    rate = done / max(seconds, 1e-6)
    return Progress(
        activity="Answering", done=done, total=total, rate=rate, seconds_left=(total - done) / max(rate, 1e-6)
    )
