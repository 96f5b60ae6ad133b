"""One .onnx file that takes raw pixels of any size and needs nothing beside it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch

from finetuner import __version__
from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.exporter import Answer, Model, Pixels
from finetuner.engine.exporters.tracing import trace
from finetuner.engine.files import write_and_sync

INPUT = "image"
OUTPUTS = ("probabilities", "logits")
LICENSE = "Not stated; the weights keep the licence of the pretrained network they come from."
_LARGEST = 2**31 - 1
_ERRORS_ONLY = 3


class Onnx:
    """Input `image`: uint8 N,H,W,3 (RGB, any H and W). Outputs `probabilities` and `logits`, N x C float32."""

    folder = False

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Export the deployed module and write it as one file. Raises FinetunerError when it is above 2 GB."""
        model = traced(trained.deployed)
        forget_origin(model)
        for key, value in metadata(trained, author).items():
            model.metadata_props.add(key=key, value=value)
        _write(model, target)

    def reopen(self, target: Path) -> Model:
        """Run the file in onnxruntime on the CPU."""
        session = open_session(target.read_bytes())

        def answer(pixels: Pixels) -> Answer:
            probabilities, logits = session.run(list(OUTPUTS), {INPUT: pixels[None]})
            return np.asarray(probabilities[0]), np.asarray(logits[0])

        return answer

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Add the certificate to `metadata_props`; the graph stays as it was verified."""
        model = onnx.load(target, load_external_data=False)
        model.metadata_props.add(key="certificate", value=certificate.model_dump_json())
        target.unlink()
        _write(model, target)


def traced(deployed: torch.nn.Module) -> Any:
    """The module as an ONNX ModelProto with symbolic n, h and w."""
    return trace(deployed, [INPUT], list(OUTPUTS))


def forget_origin(model: Any) -> None:
    """Drop the exporter's notes on each node: they hold file names of this machine and swell the file."""
    model.graph.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]


def metadata(trained: Trained, author: str) -> dict[str, str]:
    """What a reader of the file should know without asking anybody. `names` is a JSON list in index order.

    `thresholds`: a JSON object from class name to the least probability with which it is to be answered.
    """
    rule = trained.network.preprocessing
    names = json.dumps(list(trained.classes))
    return {
        "names": names,
        "labels": names,
        "input_size": json.dumps(rule.input_size),
        "mean": json.dumps(rule.mean),
        "std": json.dumps(rule.std),
        "interpolation": rule.interpolation,
        "crop_pct": json.dumps(rule.crop_pct),
        "temperature": json.dumps(trained.temperature),
        "thresholds": trained.thresholds.as_metadata(),
        "author": author,
        "license": LICENSE,
        "finetuner_version": __version__,
        "backbone": trained.network.name,
    }


def open_session(content: bytes) -> Any:
    """An onnxruntime session on the CPU that keeps its remarks to itself."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _write(model: Any, target: Path) -> None:
    if model.ByteSize() > _LARGEST:
        raise FinetunerError("The network is above 2 GB, more than one .onnx file can hold.", "Export safetensors.")
    write_and_sync(target, model.SerializeToString())
