"""A .mlpackage for Core ML: an image of any size in, calibrated probabilities out.

Core ML converts anywhere and runs on a Mac only. So on other systems the format is grey and nothing is written.
"""

import io
import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.dense_resizing import LARGEST, AnySize, refuse_larger
from finetuner.engine.exporters.exporter import Answer, Limits, Model, Pixels
from finetuner.engine.exporters.metadata import metadata
from finetuner.engine.exporters.onnx import INPUT, OUTPUTS, UNKNOWN
from finetuner.engine.exporters.tracing import plain_attention, quiet
from finetuner.engine.files import sync_file, write_bytes

SUFFIX = ".mlpackage"
_SPEC = Path("Data", "com.apple.CoreML", "model.mlmodel")
_SHOWN = {"author": "author", "license": "license", "description": "short_description", "finetuner_version": "version"}
"""What Xcode shows of a model, by the key of our metadata."""
_EXAMPLE = (213, 197)


class CoreMl:
    """Input `image`: one RGB image of 1 to 8192 pixels a side. Outputs as those of the .onnx file, weights and all
    that is computed in full precision.
    """

    folder = True
    limits = Limits()

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Convert the deployed module. Raises FinetunerError when coremltools cannot convert this network."""
        model = converted(trained.deployed)
        told = metadata(trained, author)
        model.user_defined_metadata.update(told)
        for key, attribute in _SHOWN.items():
            setattr(model, attribute, told[key])
        with tempfile.TemporaryDirectory() as folder:
            model.save(str(Path(folder) / f"model{SUFFIX}"))
            shutil.copytree(Path(folder) / f"model{SUFFIX}", target)
        for file in target.rglob("*"):
            if file.is_file():
                sync_file(file)

    def reopen(self, target: Path) -> Model:
        """Run the package in Core ML on the processor. Core ML knows a package by its suffix, so it gets a copy."""
        coremltools = quiet_coremltools()
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copytree(target, Path(folder) / f"model{SUFFIX}")
            model = coremltools.models.MLModel(str(copy), compute_units=coremltools.ComputeUnit.CPU_ONLY)
        outputs = _outputs(_spec(target))

        def answer(pixels: Pixels) -> Answer:
            refuse_larger(pixels)
            told = model.predict({INPUT: Image.fromarray(pixels)})
            return tuple(np.asarray(told[name], np.float32)[0] for name in outputs)

        return answer

    def classes(self, target: Path) -> tuple[str, ...]:
        """The `names` in its metadata."""
        return tuple(json.loads(_spec(target).description.metadata.userDefined["names"]))

    def layers(self, target: Path, pixels: Pixels) -> None:
        """Core ML joins and renames layers."""

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Add the certificate to the package's metadata; the program stays as it was verified."""
        spec = _spec(target)
        spec.description.metadata.userDefined["certificate"] = certificate.model_dump_json()
        write_bytes(target / _SPEC, spec.SerializeToString())


def converted(deployed: Deployed) -> Any:
    """The module as coremltools' MLModel, not loaded. Raises FinetunerError when it cannot be converted."""
    coremltools = quiet_coremltools()
    side = coremltools.RangeDim(1, LARGEST, default=deployed.preprocess.size)
    image = coremltools.ImageType(INPUT, (1, 3, side, side), color_layout=coremltools.colorlayout.RGB)
    names = OUTPUTS if deployed.unknown is None else (*OUTPUTS, UNKNOWN)
    with _unspoken():
        try:
            return coremltools.convert(
                traced(deployed),
                convert_to="mlprogram",
                inputs=[image],
                outputs=[coremltools.TensorType(name) for name in names],
                compute_precision=coremltools.precision.FLOAT32,
                skip_model_load=True,
            )
        except (NotImplementedError, RuntimeError, ValueError, TypeError, AssertionError, KeyError) as error:
            raise _not_converted(error) from error


def traced(deployed: Deployed) -> torch.jit.ScriptModule:
    """The module as TorchScript, from which coremltools carries any size; from torch.export it does not."""
    module = AnySize(deployed.cpu().eval())
    with plain_attention(deployed), quiet(), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.jit.trace(module, (torch.zeros(1, 3, *_EXAMPLE),), check_trace=False)


def quiet_coremltools() -> Any:
    """The package coremltools without its remarks: which versions it was tested with, what it misses off a Mac."""
    log = logging.getLogger("coremltools")
    log.setLevel(logging.CRITICAL)
    import coremltools

    return coremltools


@contextmanager
def _unspoken() -> Iterator[None]:
    """Its progress bars and warnings are for its developers; a bar would leave a thread behind."""
    with quiet(), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _not_converted(error: Exception) -> FinetunerError:
    said = next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")
    sentence = f"coremltools cannot convert this network: {said}."
    return FinetunerError(sentence, "Export onnx, or choose another backbone.")


def _spec(target: Path) -> Any:
    """What the package says of itself, read without Core ML."""
    spec = quiet_coremltools().proto.Model_pb2.Model()
    spec.ParseFromString((target / _SPEC).read_bytes())
    return spec


def _outputs(spec: Any) -> list[str]:
    there = {output.name for output in spec.description.output}
    return [name for name in (*OUTPUTS, UNKNOWN) if name in there]
