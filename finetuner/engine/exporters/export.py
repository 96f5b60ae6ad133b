"""Write a model file, run it from disk, and publish it only if it answers as the app does."""

import os
import shutil
import time
import uuid
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Event, Exported, FileFigures, Notice, Progress
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.exporter import Exporter, Model, Pixels, Smaller, exporter
from finetuner.engine.exporters.held_out import HeldOut, held_out
from finetuner.engine.exporters.labels import by_name, misnamed
from finetuner.engine.exporters.layers import TorchLayers
from finetuner.engine.exporters.parting import parting
from finetuner.engine.exporters.training_images import TrainingImages
from finetuner.engine.exporters.verify import Agreement, certificate, refusal, verify
from finetuner.engine.files import sync_folder
from finetuner.engine.requests import ExportRequest

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
    trained, images = load_best(request.run), held_out(request.run)
    if images.note:
        yield Notice(sentence=images.note, level="warning")
    with _told_as_sentence(request.out), _beside(request.out) as temporary, _beside(request.out) as full:
        yield Progress(activity=f"Writing {request.format}", done=0)
        _write(request, format, trained, temporary, full)
        agreement = yield from _compared(request, format, trained, images, temporary)
        found = certificate(agreement, request.format, images.note)
        format.certify(temporary, found)
        figures = _figures(format, request.format, found, temporary, full)
        _publish(temporary, request.out)
    yield Exported(
        run=str(request.run),
        path=str(request.out),
        format=request.format,
        size_mb=figures[-1].size_mb,
        milliseconds=figures[-1].milliseconds,
        certificate=found,
        figures=figures if len(figures) > 1 else (),
    )


def _write(request: ExportRequest, format: Exporter, trained: Trained, target: Path, full: Path) -> None:
    """Write `target`; of a smaller format the full file before it."""
    if isinstance(format, Smaller):
        format.write(trained, full, request.author)
        format.shrink(full, target, TrainingImages(request.run))
    else:
        format.write(trained, target, request.author)


def _compared(
    request: ExportRequest, format: Exporter, trained: Trained, images: HeldOut, temporary: Path
) -> Generator[Event, None, Agreement]:
    """Progress; returns the agreement. Raises FinetunerError when the file must not be published."""
    agreement, said = Agreement(format.limits), format.classes(temporary)
    file = by_name(format.reopen(temporary), said, trained.classes)
    for step in verify(app_model(trained), file, images, trained.classes, format.limits):
        if isinstance(step, Agreement):
            agreement = step
        else:
            yield step
    if said != trained.classes or not agreement.good:
        raise refusal(agreement, request.format, _cause(trained, format, temporary, agreement.worst))
    return agreement


def _figures(format: Exporter, name: str, found: Certificate, target: Path, full: Path) -> tuple[FileFigures, ...]:
    """The file's; before them those of the full file where there is one. Its answers are the app's."""
    measured = {name: (target, found.agreement, found.accuracy)}
    if isinstance(format, Smaller):
        measured = {format.reference: (full, 1.0, found.app_accuracy)} | measured
    speeds = milliseconds([format.reopen(path) for path, _, _ in measured.values()])
    return tuple(
        FileFigures(
            format=title, size_mb=size_of(path) / 1e6, milliseconds=speed, agreement=agreement, accuracy=accuracy
        )
        for (title, (path, agreement, accuracy)), speed in zip(measured.items(), speeds, strict=True)
    )


def _cause(trained: Trained, format: Exporter, target: Path, pixels: Pixels | None) -> str:
    """Where file and app part, on the image on which they differ most."""
    said = format.classes(target)
    if said != trained.classes:
        return misnamed(said, trained.classes)
    file = format.layers(target, pixels) if pixels is not None else None
    return parting(TorchLayers(trained.deployed, pixels), file).sentence() if file and pixels is not None else ""


def milliseconds(models: Sequence[Model]) -> list[float]:
    """The median time of one 640 x 480 image for each model, after one to warm up. They take turns."""
    picture = np.zeros(_TIMED_SHAPE, np.uint8)
    times = [[_seconds(model, picture) for model in models] for _ in range(_TIMED_RUNS + 1)]
    return [float(seconds) * 1000 for seconds in np.median(times[1:], axis=0)]


def _seconds(model: Model, picture: Pixels) -> float:
    start = time.perf_counter()
    model(picture)
    return time.perf_counter() - start


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
