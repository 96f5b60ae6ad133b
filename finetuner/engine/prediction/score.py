"""Score a model on a labelled folder it was not trained on."""

import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from finetuner.engine.dataset.names import readable
from finetuner.engine.dataset.scan import scan
from finetuner.engine.dataset.walk import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.scores import scores
from finetuner.engine.events import (
    EvaluationEnded,
    Event,
    ImagesScanned,
    PredictionRow,
    Progress,
    ScanEnded,
    ScannedImage,
    ScanProblem,
)
from finetuner.engine.prediction.predict import answered, progress, rows
from finetuner.engine.prediction.predictor import Answers, Predictor, Shares, open_model
from finetuner.engine.prediction.sources import Picture
from finetuner.engine.prediction.training_images import learned_from
from finetuner.engine.requests import EvaluateRequest, ScanRequest

_TOP = 5


@dataclass
class _Answered:
    """What has been answered so far."""

    truth: list[int] = field(default_factory=list)
    logits: list[Shares] = field(default_factory=list)
    rows: list[PredictionRow] = field(default_factory=list)
    skipped: list[ScanProblem] = field(default_factory=list)

    def add(self, batch: list[Picture], answers: Answers, labels: dict[str, str], model: Predictor) -> None:
        truth = [labels[picture.path] for picture in batch]
        self.truth += [model.classes.index(label) for label in truth]
        self.logits.append(answers.logits)
        self.rows += rows(batch, answers, model, _TOP, truth)


def evaluate(request: EvaluateRequest) -> Iterator[Event]:
    """Answer an EvaluateRequest: Progress..., EvaluationEnded. `request.run` may be a run or an .onnx file.

    A folder with parts is scored on its test part, else its validation part. Classes are matched by name.
    Raises FinetunerError when the model or the folder cannot be used, or no class is known to the model.
    """
    yield Progress(activity="Opening the model", done=0)
    predictor = open_model(request.run)
    images, ended = yield from _scanned(request.data)
    if not images:
        raise _nothing_usable(request.data, ended.problems)
    chosen, part = _part_to_score(images)
    known, strange = _known(chosen, predictor.classes, request.data)
    notices = [*part, *strange, *learned_from(request.run, known)]
    done = yield from _answer_all(predictor, known)
    yield EvaluationEnded(
        folder=str(request.data),
        scores=scores(done.truth, np.concatenate(done.logits), predictor.classes, predictor.temperature),
        rows=tuple(done.rows),
        skipped=(*ended.problems, *done.skipped),
        notices=tuple(notices),
    )


def _scanned(data: Path) -> Generator[Event, None, tuple[list[ScannedImage], ScanEnded]]:
    """Look at the folder, telling the progress."""
    images: list[ScannedImage] = []
    for event in scan(ScanRequest(data=data)):
        if isinstance(event, ImagesScanned):
            images.extend(event.images)
        elif isinstance(event, ScanEnded):
            return images, event
        else:
            yield event
    raise AssertionError("a scan ends with ScanEnded")


def _nothing_usable(data: Path, problems: Sequence[ScanProblem]) -> FinetunerError:
    told = f"No usable image was found in {readable(data.name)}."
    if not problems:
        return FinetunerError(told, "Give a folder with a sub-folder of images for each class.")
    return FinetunerError(told, f"The first of {len(problems)} set aside, {_named(problems[0])}.")


def _named(problem: ScanProblem) -> str:
    return f"{readable(Path(problem.path).name)}: {problem.reason}"


def _part_to_score(images: list[ScannedImage]) -> tuple[list[ScannedImage], list[str]]:
    """The test part, else the validation part, else everything; with a word on what was left out."""
    for part, name in (("test", "test"), ("val", "validation")):
        chosen = [image for image in images if image.split == part]
        if chosen:
            left_out = len(images) - len(chosen)
            told = [f"The {name} part was scored; {left_out} other images were left out."] if left_out else []
            return chosen, told
    return images, []


def _known(images: list[ScannedImage], classes: Sequence[str], data: Path) -> tuple[list[ScannedImage], list[str]]:
    """The images whose class the model knows; a notice for the others."""
    known = [image for image in images if image.label in classes]
    strange = Counter(image.label for image in images if image.label not in classes)
    if not known:
        raise FinetunerError(
            f"No class folder of {readable(data.name)} is known to the model.",
            f"It knows: {', '.join(readable(name) for name in classes[:10])}.",
        )
    told = [
        f"The model does not know the class {readable(name)}, whose images are left out ({n:,})."
        for name, n in strange.items()
    ]
    return known, told


def _answer_all(predictor: Predictor, images: list[ScannedImage]) -> Generator[Event, None, _Answered]:
    done, labels = _Answered(), {image.path: image.label for image in images}
    start = time.monotonic()
    with closing(answered(predictor, [Entry(image.path) for image in images])) as batches:
        for batch, answers, problems in batches:
            done.skipped += problems
            if answers is not None:
                done.add(batch, answers, labels, predictor)
            yield progress(len(done.rows) + len(done.skipped), len(images), time.monotonic() - start)
    return done
