"""Out of one machine, into another."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import safetensors.torch

from finetuner.engine.backbones import integrity, on_disk, weights
from finetuner.engine.backbones.carry.content import content_hash
from finetuner.engine.backbones.carry.label import Label, read_label
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.network import build
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import CarriedIn, CarriedOut, Event, Progress
from finetuner.engine.files import behind_links, is_special, replacing, sha256_of, sync_file
from finetuner.engine.job import BackbonePart
from finetuner.engine.requests import CarryInRequest, CarryOutRequest


def carry_out(request: CarryOutRequest) -> Iterator[Event]:
    """Write a network's weights as one file that says what it is. Yields Progress, CarriedOut.

    Raises FinetunerError when the weights are not on this disk, are not what was published, or cannot be written.
    """
    _refuse_special(request.out)
    entry = find(request.backbone)
    path = _weights(entry)
    yield Progress(activity=f"Checking {entry.name}", done=0)
    tensors = weights.read_state_dict(path)
    label = _label(entry, path, content_hash(tensors))
    yield Progress(activity=f"Writing {request.out.name}", done=0)
    try:
        with replacing(behind_links(request.out)) as temporary:
            safetensors.torch.save_file(tensors, temporary, label.metadata())
            sync_file(temporary)
    except OSError as error:
        raise FinetunerError(f"{request.out} could not be written: {error}.", "Choose another place.") from error
    yield CarriedOut(backbone=entry.name, path=str(request.out))


def carry_in(request: CarryInRequest) -> Iterator[Event]:
    """Check a carry file and keep it in the weights folder, from where its network is offered. Yields CarriedIn.

    Raises FinetunerError when there is none, it is no carry file, was altered, or does not fit the network it names.
    """
    if not request.file.exists():
        raise FinetunerError(f"There is no file {request.file}.", "Give the file that --carry-out wrote.")
    label = read_label(request.file)
    if label is None:
        raise FinetunerError(f"{request.file.name} is no carry file.", "Use it as it is, with --weights.")
    yield Progress(activity=f"Checking {request.file.name}", done=0)
    network = build(BackbonePart(backbone=label.architecture, weights=request.file), classes=2)
    target = on_disk.weights_dir() / label.filename
    try:
        _copy(request.file, target)
    except OSError as error:
        raise FinetunerError(f"{target} could not be written: {error}.", "Make room, or free the folder.") from error
    name = on_disk.local_name(target)
    yield CarriedIn(backbone=name, path=str(target), licence=label.licence, sentence=network.loaded)


def _refuse_special(out: Path) -> None:
    if is_special(out):
        raise FinetunerError(f"{out} is a device or a pipe.", "Give the name of a file.")


def _weights(entry: Entry) -> Path:
    path = entry.weights()
    if path is None:
        raise FinetunerError(f"The weights of {entry.name} are not on this disk.", "Download them first.")
    return path


def _label(entry: Entry, path: Path, content: str) -> Label:
    return Label(
        backbone=entry.name,
        architecture=entry.architecture,
        licence=entry.licence,
        origin=integrity.cached_id(path) or path.name,
        published=sha256_of(path),
        content=content,
    )


def _copy(source: Path, target: Path) -> None:
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)
        sync_file(temporary)
