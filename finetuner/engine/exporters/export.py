"""Write a model file, run it from disk, and publish it only if it answers as the app does."""

import os
import shutil
import time
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Event, Exported, Notice, Progress
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.exporter import Exporter, Model, exporter
from finetuner.engine.exporters.held_out import HeldOut, held_out
from finetuner.engine.exporters.verify import Agreement, certificate, verify
from finetuner.engine.files import sync_folder
from finetuner.engine.requests import ExportRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.training.publishing import publish_card

_TIMED_RUNS = 10
_TIMED_SHAPE = (480, 640, 3)


def export(request: ExportRequest) -> Iterator[Event]:
    """Answer an ExportRequest: Progress..., Exported.

    The target appears only when its content is verified; on any failure what was there before stays.
    Raises FinetunerError: no such format, no run, no room, or the file disagrees with the app.
    """
    format = exporter(request.format)
    _refuse_occupied(request.out, format)
    yield Progress(activity="Opening the run", done=0)
    trained, images = _chosen(request.run), held_out(request.run)
    if images.note:
        yield Notice(sentence=images.note, level="warning")
    with _told_as_sentence(request.out), _beside(request.out) as temporary:
        yield Progress(activity=f"Writing {request.format}", done=0)
        format.write(trained, temporary, request.author)
        yield from _verified(request, format, trained, images, temporary)


def _chosen(run: Path) -> Trained:
    """The run's best model, unsure where its user wants it to be."""
    trained = load_best(run)
    return replace(trained, thresholds=Thresholds.load(run).checked(trained.classes))


def _verified(
    request: ExportRequest, format: Exporter, trained: Trained, images: HeldOut, temporary: Path
) -> Iterator[Event]:
    agreement = Agreement()
    for step in verify(app_model(trained), format.reopen(temporary), images):
        if isinstance(step, Agreement):
            agreement = step
        else:
            yield step
    found = certificate(agreement, request.format, images.note)
    format.certify(temporary, found)
    speed = milliseconds(format.reopen(temporary))
    _publish(temporary, request.out)
    card = yield from _card(request, found)
    yield Exported(
        run=str(request.run),
        path=str(request.out),
        format=request.format,
        size_mb=size_of(request.out) / 1e6,
        milliseconds=speed,
        certificate=found,
        card=card,
    )


def _card(request: ExportRequest, found: Certificate) -> Generator[Event, None, str]:
    """The model card beside the file; a run that was never measured has none, and says so."""
    run = RunFolder(request.run)
    if not run.metrics_file.exists():
        yield Notice(sentence="No model card was written: this run has no figures.", next_step="Train it to its end.")
        return ""
    return str(publish_card(run, request.out.with_name(f"{request.out.stem}.model_card.md"), found))


def milliseconds(model: Model) -> float:
    """The median time of one 640 x 480 image, after one to warm up."""
    picture = np.zeros(_TIMED_SHAPE, np.uint8)
    times = []
    for _ in range(_TIMED_RUNS + 1):
        start = time.perf_counter()
        model(picture)
        times.append(time.perf_counter() - start)
    return float(np.median(times[1:])) * 1000


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())


def _refuse_occupied(target: Path, format: Exporter) -> None:
    if format.folder and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FinetunerError(f"{target} is there already.", "Choose the name of a new folder.")
    if not format.folder and target.is_dir():
        raise FinetunerError(f"{target} is a folder.", f"Give a file name: {target / 'model.onnx'}")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A temporary path on the target's own disk, removed whatever happens."""
    target.absolute().parent.mkdir(parents=True, exist_ok=True)
    temporary = target.absolute().with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        yield temporary
    finally:
        if temporary.is_dir():
            shutil.rmtree(temporary)
        temporary.unlink(missing_ok=True)


@contextmanager
def _told_as_sentence(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FinetunerError(
            f"{target} cannot be written: {error.strerror or error}.", "Choose another place or free some space."
        ) from error


def _publish(temporary: Path, target: Path) -> None:
    if target.is_dir():
        target.rmdir()
    os.replace(temporary, target)
    sync_folder(target.absolute().parent)
