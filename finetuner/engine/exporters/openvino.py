"""A folder with OpenVINO's own two files, model.xml and model.bin, made of the .onnx file."""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.exporter import Answer, Limits, Model, Pixels
from finetuner.engine.exporters.metadata import metadata
from finetuner.engine.exporters.onnx import INPUT, OUTPUTS, UNKNOWN, Onnx
from finetuner.engine.files import sync_file, write_text

MODEL = "model.xml"
WEIGHTS = "model.bin"
METADATA = "metadata.json"
CERTIFICATE = "certificate.json"
_EXACT = {"INFERENCE_PRECISION_HINT": "f32"}
_MODEL_API = "model_info"


class OpenVino:
    """Inputs and outputs are those of the .onnx file, weights in full precision.

    OpenVINO computes in bf16 where a processor can, which is not exact; the certificate holds for `f32`.
    """

    folder = True
    limits = Limits()

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Convert the .onnx file, and write what it says of itself for Model API and for people."""
        openvino, told = silent_openvino(), metadata(trained, author)
        with tempfile.TemporaryDirectory() as folder:
            Onnx().write(trained, Path(folder) / "model.onnx", author)
            model = openvino.Core().read_model(Path(folder) / "model.onnx")
            _tell(model, told)
            target.mkdir(parents=True)
            openvino.save_model(model, target / MODEL, compress_to_fp16=False)
        for name in (MODEL, WEIGHTS):
            sync_file(target / name)
        write_text(target / METADATA, json.dumps(told, indent=1))

    def reopen(self, target: Path) -> Model:
        """Run the folder's files in OpenVINO on the CPU, in full precision."""
        compiled = silent_openvino().Core().compile_model(target / MODEL, "CPU", _EXACT)
        there = {name for output in compiled.outputs for name in output.names}
        outputs = [name for name in (*OUTPUTS, UNKNOWN) if name in there]

        def answer(pixels: Pixels) -> Answer:
            told = compiled({INPUT: pixels[None]})
            return tuple(np.array(told[name][0]) for name in outputs)

        return answer

    def classes(self, target: Path) -> tuple[str, ...]:
        """The `names` that model.xml tells."""
        model = silent_openvino().Core().read_model(target / MODEL)
        return tuple(json.loads(model.get_rt_info(["framework", "names"]).astype(str)))

    def layers(self, target: Path, pixels: Pixels) -> None:
        """OpenVINO joins and renames layers."""

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Store the certificate beside the two files; those stay as they were verified."""
        write_text(target / CERTIFICATE, certificate.model_dump_json(indent=1))


def silent_openvino() -> Any:
    """The package openvino, without that which reports its use to its makers.

    When it is imported for the first time, openvino sends an event through the package openvino_telemetry, and asks
    nobody. Where that package cannot be imported it does without.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None is how an import is refused
    import openvino

    return openvino


def _tell(model: Any, told: Mapping[str, str]) -> None:
    """Model API looks for branches of `model_info`; the reader of .onnx keeps "model_info labels" as one key."""
    for key, value in told.items():
        branch, _, leaf = key.partition(" ")
        if branch == _MODEL_API:
            model.set_rt_info(value, [_MODEL_API, leaf])
