"""One .onnx file that takes raw pixels of any size and needs nothing beside it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.exporter import Answer, Layers, Limits, Model, Pixels
from finetuner.engine.exporters.layers import OnnxLayers, tensors_of
from finetuner.engine.exporters.metadata import metadata
from finetuner.engine.exporters.tracing import trace
from finetuner.engine.files import write_and_sync

INPUT = "image"
OUTPUTS = ("probabilities", "logits")
UNKNOWN = "unknown"
"""A third output, N float32, of a model that knows how strange an image is to it."""
_LARGEST = 2**31 - 1
_ERRORS_ONLY = 3


class Onnx:
    """Input `image`: uint8 N,H,W,3 (RGB, any H and W). Outputs `probabilities` and `logits`, N x C float32.

    Of a model that has it also `unknown`, N float32: how strange an image is, to be held against a cut in the metadata.
    """

    folder = False
    limits = Limits()

    def __init__(self) -> None:
        self._tensors: dict[str, str] = {}

    @property
    def prepared(self) -> str:
        """The tensor that the network gets, once the file is written."""
        return self._tensors["preprocess"]

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Export the deployed module and write it as one file. Raises FinetunerError when it is above 2 GB."""
        model = traced(trained.deployed)
        self._tensors = tensors_of(model)
        forget_origin(model)
        for key, value in metadata(trained, author).items():
            model.metadata_props.add(key=key, value=value)
        write_model(model, target)

    def reopen(self, target: Path) -> Model:
        """Run the file in onnxruntime on the CPU."""
        session = open_session(target.read_bytes())
        there = {output.name for output in session.get_outputs()}
        outputs = [name for name in (*OUTPUTS, UNKNOWN) if name in there]

        def answer(pixels: Pixels) -> Answer:
            return tuple(np.asarray(part[0]) for part in session.run(outputs, {INPUT: pixels[None]}))

        return answer

    def classes(self, target: Path) -> tuple[str, ...]:
        """The `names` in its metadata."""
        told = {entry.key: entry.value for entry in onnx.load(target, load_external_data=False).metadata_props}
        return tuple(json.loads(told["names"]))

    def layers(self, target: Path, pixels: Pixels) -> Layers | None:
        """Its tensors, by the modules that the file came from when this exporter wrote it."""
        return OnnxLayers(target, self._tensors, pixels)

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Add the certificate to `metadata_props`; the graph stays as it was verified."""
        model = onnx.load(target, load_external_data=False)
        model.metadata_props.add(key="certificate", value=certificate.model_dump_json())
        target.unlink()
        write_model(model, target)


def traced(deployed: Deployed) -> Any:
    """The module as an ONNX ModelProto with symbolic n, h and w."""
    return trace(deployed, [INPUT], [*OUTPUTS] if deployed.unknown is None else [*OUTPUTS, UNKNOWN])


def forget_origin(model: Any) -> None:
    """Drop the exporter's notes on each node: they hold file names of this machine and swell the file."""
    model.graph.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]


def open_session(content: bytes) -> Any:
    """An onnxruntime session on the CPU that keeps its remarks to itself."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def write_model(model: Any, target: Path) -> None:
    """Write a ModelProto as one file. Raises FinetunerError when it is above 2 GB, OSError."""
    if model.ByteSize() > _LARGEST:
        raise FinetunerError("The network is above 2 GB, more than one .onnx file can hold.", "Export safetensors.")
    write_and_sync(target, model.SerializeToString())
