"""The shelf: one row for each set of published weights, from a table in the resources. Torch-free."""

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from finetuner.engine import paths
from finetuner.engine.backbones import on_disk


@dataclass(frozen=True)
class Entry:
    """A line of the shelf. `hub` and `file` say where its weights are published; both empty: nowhere.

    `trainable`: it ends in a linear head, which can be made anew. `gmacs` (billions of multiply-adds of a forward
    pass) and `activation_mb` (what training keeps for the backward pass, fp32) are for one image of `input_size`;
    `top1` is the published ImageNet accuracy in percent, at `top1_size` pixels. None: not known.
    Where each number comes from: resources/backbones/README.md.
    """

    name: str
    source: str
    architecture: str
    family: str
    parameters: int
    input_size: int
    licence: str = ""
    hub: str = ""
    file: str = ""
    trainable: bool = True
    gmacs: float | None = None
    activation_mb: float | None = None
    top1: float | None = None
    top1_size: int | None = None
    path: Path | None = None

    @property
    def published(self) -> bool:
        """Weights exist somewhere."""
        return bool(self.hub or self.file or self.path)

    @property
    def bundled(self) -> bool:
        """Its weights ship with the program."""
        return self.source == "bundled"

    def weights(self) -> Path | None:
        """The weights, where they are on this disk."""
        if self.path or not self.published:
            return self.path
        if self.bundled:
            return bundled_folder(self.name) / self.file
        return on_disk.hub_file(self.hub, self.file) if self.hub else on_disk.torch_file(self.file)


@cache
def entries() -> tuple[Entry, ...]:
    """Every published set of weights, and every architecture without any."""
    with open(paths.resources() / "backbones" / "catalogue.csv", newline="", encoding="utf-8") as file:
        return tuple(_entry(row) for row in csv.DictReader(file))


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        name=row["name"],
        source=row["source"],
        architecture=row["architecture"],
        family=row["family"],
        parameters=int(row["parameters"]),
        input_size=int(row["input_size"]),
        licence=row["licence"],
        hub=row["hub"],
        file=row["file"],
        trainable=row["trainable"] == "yes",
        gmacs=_number(row["gmacs"]),
        activation_mb=_number(row["activation_mb"]),
        top1=_number(row["top1"]),
        top1_size=int(row["top1_size"]) if row["top1_size"] else None,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def by_name() -> dict[str, Entry]:
    """Each entry by its name, and by its bare architecture (whose default weights come first in the table).

    torchvision's names are `torchvision/resnet18`; the bare name finds them where timm has no such network.
    """
    names: dict[str, Entry] = {entry.name: entry for entry in entries()}
    for entry in entries():
        names.setdefault(entry.architecture, entry)
    for entry in entries():
        names.setdefault(entry.architecture.rpartition("/")[2], entry)
    return names


def bundled_folder(name: str) -> Path:
    """Where a network that ships with the program lies: `model.safetensors` and timm's `config.json`."""
    return paths.resources() / "backbones" / name


def local_entries() -> list[Entry]:
    """The weight files of the user's folder whose name tells a known architecture."""
    known = by_name()
    found = ((path, known.get(on_disk.local_architecture(path))) for path in on_disk.local_files())
    return [_local(path, entry) for path, entry in found if entry]


def _local(path: Path, entry: Entry) -> Entry:
    """The architecture's costs hold for any weights; accuracy and licence belong to the published ones."""
    unpublished = replace(entry, licence="", hub="", file="", top1=None, top1_size=None)
    return replace(unpublished, name=on_disk.local_name(path), source="local", path=path)


def on_disk_entries() -> list[Entry]:
    """Every entry whose weights are on this disk, the user's own files first."""
    return [*local_entries(), *(entry for entry in entries() if entry.weights())]
