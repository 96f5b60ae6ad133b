"""The head solved on what was taught so far, and how often it is right on bursts that it has not seen."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from finetuner.engine.dataset.split import assign
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.calibration import fit_temperature
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.events import Event, LessonFitted, Progress, ScannedImage
from finetuner.engine.prediction.predictor import Shares
from finetuner.engine.requests import FitLessonRequest
from finetuner.engine.teaching.head import TaughtHead
from finetuner.engine.teaching.rows import Rows
from finetuner.engine.training.head_solver import solve_head


@dataclass(frozen=True)
class Trial:
    """What a head that has not seen the held-out rows says of them: logits n x C, and the truth."""

    logits: Shares
    truth: tuple[int, ...]
    groups: int

    @property
    def hits(self) -> int:
        """How often it is right."""
        return int((self.logits.argmax(axis=1) == np.array(self.truth)).sum()) if self.truth else 0


def fit(request: FitLessonRequest) -> Iterator[Event]:
    """Answer a FitLessonRequest. Raises FinetunerError with fewer than two classes, or when the disk refuses."""
    started = time.monotonic()
    rows = divided(Rows.load(request.lesson), request.val_split, request.seed)
    rows = Rows.load(request.base).joined(rows) if request.base else rows
    classes = tuple(sorted(set(rows.labels)))
    if len(classes) < 2:
        raise FinetunerError("There is nothing to tell apart yet.", "Record frames of a second class.")
    yield Progress(activity="Solving the head", done=0)
    with _one_thread():
        trial = held_out_trial(rows, classes, request.seed)
        temperature = fit_temperature(trial.logits, trial.truth) if trial.truth else 1.0
        head = replace(solved(rows, classes, request.seed), temperature=temperature)
    _save(head, request.out)
    yield LessonFitted(
        head=str(request.out),
        classes=classes,
        frames=len(rows),
        n=len(trial.truth),
        hits=trial.hits,
        bursts=trial.groups,
        interval=wilson(trial.hits, len(trial.truth)),
        seconds=time.monotonic() - started,
    )


@contextmanager
def _one_thread() -> Iterator[None]:
    """So little work gains nothing from a second thread, and beside a live view two would wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def divided(rows: Rows, val_split: float, seed: int) -> Rows:
    """The rows with the splits that training on the captured folder would draw: whole bursts."""
    images = [
        ScannedImage(path=group, label=label, group=group, width=0, height=0, format="JPEG")
        for label, group in zip(rows.labels, rows.groups, strict=True)
    ]
    return replace(rows, splits=tuple(image.split or "train" for image in assign(images, val_split, seed)))


def solved(rows: Rows, classes: tuple[str, ...], seed: int) -> TaughtHead:
    """The head that the probe would have, were it trained on all of these rows."""
    labels = torch.tensor([classes.index(label) for label in rows.labels])
    weight, bias = solve_head(torch.from_numpy(rows.features), labels, len(classes), None, seed)
    return TaughtHead(weight.numpy(), bias.numpy(), classes, 1.0)


def held_out_trial(rows: Rows, classes: tuple[str, ...], seed: int) -> Trial:
    """A head from the training rows alone, tried on the others. Nothing is tried where either side lacks a class."""
    val = np.array([split == "val" for split in rows.splits])
    train = _chosen(rows, ~val)
    if not val.any() or len(set(train.labels)) < 2:
        return Trial(np.zeros((0, len(classes)), np.float32), (), 0)
    judged, head = _chosen(rows, val), solved(train, classes, seed)
    truth = tuple(classes.index(label) for label in judged.labels)
    return Trial(judged.features @ head.weight.T + head.bias, truth, len(set(judged.groups)))


def _chosen(rows: Rows, mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Rows:
    def picked(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for value, chosen in zip(values, mask, strict=True) if chosen)

    return Rows(rows.features[mask], picked(rows.labels), picked(rows.groups), picked(rows.splits))


def _save(head: TaughtHead, file: Path) -> None:
    try:
        head.save(file)
    except OSError as error:
        raise FinetunerError(
            f"What was taught cannot be written to {file.parent}: {error.strerror}.", "Free some space."
        ) from error
