"""A folder that runs anywhere: the .onnx file, samples with expected answers, and programs that need nothing of ours.

The programs and the README lie in `resources/folder` as they are copied: no name of a class is ever written into them.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.exporter import Layers, Limits, Model, Pixels
from finetuner.engine.exporters.metadata import metadata
from finetuner.engine.exporters.onnx import Onnx
from finetuner.engine.exporters.samples import write_samples
from finetuner.engine.files import write_bytes, write_text
from finetuner.engine.paths import resources

MODEL = "model.onnx"
CERTIFICATE = "certificate.json"
_LEFT_OUT = {"node_modules", "__pycache__"}


class Folder:
    """`README.md` in it says how to run it in Python, a browser, a service, Docker and C++."""

    folder = True
    limits = Limits()
    card = "MODEL_CARD.md"

    def __init__(self) -> None:
        self._onnx = Onnx()

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Write the file, what it says of itself, and the programs. Raises FinetunerError when it is above 2 GB."""
        copy_programs(target)
        self._onnx.write(trained, target / MODEL, author)
        told = metadata(trained, author) | {"names": trained.classes, "thresholds": dict(trained.thresholds.classes)}
        write_text(target / "model.json", json.dumps(told, indent=1))
        write_text(target / "labels.txt", "".join(f"{one_line(name)}\n" for name in trained.classes))
        limits = [trained.thresholds.of(name) for name in trained.classes]
        write_text(target / "thresholds.txt", "".join(f"{limit:g}\n" for limit in limits))

    def illustrate(self, trained: Trained, target: Path, images: Iterable[Pixels]) -> None:
        """Add `images`, and what the app answers to them."""
        write_samples(trained, target, images)

    def reopen(self, target: Path) -> Model:
        """Run its file in onnxruntime on the CPU."""
        return self._onnx.reopen(target / MODEL)

    def classes(self, target: Path) -> tuple[str, ...]:
        """The `names` in its file's metadata."""
        return self._onnx.classes(target / MODEL)

    def layers(self, target: Path, pixels: Pixels) -> Layers | None:
        """The tensors of its file."""
        return self._onnx.layers(target / MODEL, pixels)

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Store the certificate in its file, and beside it for people."""
        self._onnx.certify(target / MODEL, certificate)
        write_text(target / CERTIFICATE, certificate.model_dump_json(indent=1))


def copy_programs(target: Path) -> None:
    """Copy what lies in the resources, but for what was installed or compiled there."""
    source = resources() / "folder"
    for file in source.rglob("*"):
        inside = file.relative_to(source)
        if file.is_file() and not _LEFT_OUT & set(inside.parts):
            write_bytes(target / inside, file.read_bytes())


def one_line(name: str) -> str:
    """The name without anything that would end a line or steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in name)
