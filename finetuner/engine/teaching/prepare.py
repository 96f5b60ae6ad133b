"""A network made ready to be taught: written once as an .onnx that gives features, checked against torch."""

import hashlib
import json
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path

import torch

from finetuner.engine import paths
from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.deployed import Deployed, Trained, load_best
from finetuner.engine.backbones.network import Network, build, settle
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, LessonPrepared, Progress
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.held_out import drawn_images
from finetuner.engine.exporters.onnx import Onnx
from finetuner.engine.files import replacing, sha256_of
from finetuner.engine.job import BackbonePart
from finetuner.engine.requests import PrepareLessonRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.teaching.rows import Rows
from finetuner.engine.training.run_features import looked_at

_FORMAT = 1
"""Another number where the form of the file changes."""
_TOLERANCE = 1e-3
"""Of a feature, beside the largest one."""
_COMPARED = 8
"""Pictures: one of each size that `drawn_images` has."""


def prepare(request: PrepareLessonRequest) -> Iterator[Event]:
    """Answer a PrepareLessonRequest. Raises FinetunerError when the network cannot be had or gives no features."""
    part = _of_run(request.run) if request.run else request.job.backbone
    part = settle(part if part.backbone != "auto" or part.weights else _in_the_box(part))
    folder = paths.cache_dir() / "teaching" / _key(part)
    extractor = folder / "features.onnx"
    if not extractor.exists():
        yield Progress(activity="Preparing the network, once", done=0)
        yield from _written(part, extractor)
    base, classes = "", tuple[str, ...]()
    if request.run:
        base, classes = yield from _looked_at(request.run, folder / "base.safetensors")
    yield LessonPrepared(extractor=str(extractor), backbone=part.backbone, base=base, classes=classes)


def _in_the_box(part: BackbonePart) -> BackbonePart:
    """Nobody asked for a certain network: the quickest one, for it must keep up with a camera."""
    box = next(entry for entry in shelf.by_name().values() if entry.bundled)
    return part.model_copy(update={"backbone": box.name, "pretrained": True})


def _of_run(run: Path) -> BackbonePart:
    """The network that a run has learned."""
    folder = RunFolder.open(run)
    return folder.job.backbone.model_copy(update={"weights": folder.best / "model.safetensors", "pretrained": True})


def _key(part: BackbonePart) -> str:
    weights = sha256_of(part.weights) if part.weights else ""
    facts = [_FORMAT, torch.__version__, part.backbone, part.image_size, weights]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def _written(part: BackbonePart, target: Path) -> Iterator[Event]:
    """Only what answers as torch does takes the file's name."""
    trained = _seeing(part)
    try:
        with replacing(target) as temporary:
            exporter = Onnx()
            exporter.write(trained, temporary, "")
            yield from _checked(trained, exporter, temporary)
    except OSError as error:
        raise FinetunerError(
            f"The network cannot be written to {target.parent}: {error.strerror}.", "Free some space."
        ) from error


def _checked(trained: Trained, exporter: Onnx, file: Path) -> Iterator[Event]:
    """Look at one picture of each awkward size in both ways."""
    app, written = app_model(trained), exporter.reopen(file)
    for number, pixels in enumerate(islice(drawn_images(), _COMPARED), 1):
        wanted, given = app(pixels)[1], written(pixels)[1]
        if not abs(wanted - given).max() <= _TOLERANCE * max(float(abs(wanted).max()), 1.0):
            raise FinetunerError(
                f"{trained.network.name} does not give the same features outside of torch.", "Choose another backbone."
            )
        yield Progress(activity="Preparing the network, once", done=number, total=_COMPARED)


def _seeing(part: BackbonePart) -> Trained:
    """The network with a head that changes nothing: its logits are its features."""
    width = build(part, 2, load=False).head.in_features
    network: Network = build(part, width)
    network.head.set(torch.eye(width), torch.zeros(width))
    names = tuple(str(number) for number in range(width))
    return Trained(network, names, 1.0, Deployed(network.model, network.preprocessing).eval())


def _looked_at(run: Path, file: Path) -> Generator[Event, None, tuple[str, tuple[str, ...]]]:
    """The features of a run's images, from where training keeps them; and its classes."""
    folder, trained = RunFolder.open(run), load_best(run)
    pinned = [image for image in folder.pinned_images() if image.split in ("train", "val")]
    images, features = yield from looked_at(folder.job, trained.network, pinned)
    contents = tuple(image.content or image.path for image in images)
    Rows(
        features.numpy(), tuple(image.label for image in images), contents, tuple(image.split for image in images)
    ).save(file)
    return str(file), trained.classes
