"""How well a run tells known images from others: the share of known ones that pass, and what becomes of others."""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.findings import keep_findings
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.evaluation.strangers import area_between
from finetuner.engine.events import Event, OthersMeasured, ScanProblem, UnknownMeasured
from finetuner.engine.prediction.predict import answered, progress
from finetuner.engine.prediction.run_predictor import RunPredictor
from finetuner.engine.prediction.sources import entries
from finetuner.engine.requests import UnknownRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.unknown import Unknown, forget
from finetuner.engine.training.publishing import publish
from finetuner.engine.training.unknown import learn_again


def unknown(request: UnknownRequest) -> Iterator[Event]:
    """Answer an UnknownRequest: Progress..., UnknownMeasured. A run that does not know yet learns it from its images.

    Raises FinetunerError when the run, its images or the other folder cannot be read.
    """
    run = RunFolder.open(request.run)
    if request.anew:
        forget(run.path)
    found = Unknown.load(run.path) or (yield from learn_again(run))
    if request.known_share is not None and request.known_share != found.known_share:
        found = found.asking(request.known_share)
        _save(found, run.path)
    told = measured(run.path, found)
    if request.against is not None:
        others, skipped = yield from _others(run.path, found, request.against)
        told = told.model_copy(update={"others": others, "skipped": tuple(skipped)})
    if run.metrics_file.exists():
        if told.others:
            keep_findings(run.path, others=told.others)
        publish(run)
    yield told


def measured(run: Path, found: Unknown) -> UnknownMeasured:
    """How many of the held-out known images pass."""
    images, cut = len(found.scores), found.cut
    return UnknownMeasured(
        run=str(run),
        method=cut.method,
        threshold=cut.threshold,
        known_share=cut.known_share,
        images=images,
        passing=found.passing,
        passing_interval=wilson(found.passing, images),
    )


def _others(
    run: Path, found: Unknown, folder: Path
) -> Generator[Event, None, tuple[OthersMeasured, list[ScanProblem]]]:
    """What becomes of the images in `folder`, which show other kinds of things."""
    scores, skipped, files = list[float](), list[ScanProblem](), entries(folder)
    with closing(answered(RunPredictor(run), files)) as batches:
        for _, answers, problems in batches:
            skipped += problems
            scores += answers.unknown.tolist() if answers is not None and answers.unknown is not None else []
            yield progress(len(scores) + len(skipped), len(files), 0.0)
    if not scores:
        raise FinetunerError(f"There is no image in {folder}.", "Give a folder with photos of other kinds of things.")
    hits = sum(found.cut.unknown(score) for score in scores)
    area, interval = area_between(np.array(found.scores), np.array(scores))
    others = OthersMeasured(
        folder=folder.name,
        images=len(scores),
        unknown=hits,
        unknown_interval=wilson(hits, len(scores)),
        auroc=area,
        auroc_interval=interval,
    )
    return others, skipped


def _save(found: Unknown, run: Path) -> None:
    try:
        found.save(run)
    except OSError as error:
        raise FinetunerError(f"{run} cannot be written: {error.strerror}.", "Is its disk full?") from error
