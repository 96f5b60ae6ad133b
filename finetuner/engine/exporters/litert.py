"""One .tflite file for LiteRT, which was TensorFlow Lite. Unlike the other files it wants images already resized.

litert-torch converts no operation whose sizes depend on the image, so the antialiased resize cannot be inside. Input is
the square that the network sees, in float32 on the scale 0..255: rounded to whole numbers, answers would move further
than a certificate allows. What a reader needs is a zip behind the model, where tools look for labels.txt; the
interpreter does not look so far.
"""

import json
import os
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.backbones.unknown import Strangeness
from finetuner.engine.dataset.deploy import Preprocess, centre_square
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate
from finetuner.engine.exporters.exporter import Answer, Limits, Model, Pixels
from finetuner.engine.exporters.folder import one_line
from finetuner.engine.exporters.metadata import own_keys
from finetuner.engine.exporters.onnx import INPUT, OUTPUTS, UNKNOWN
from finetuner.engine.exporters.tracing import quiet
from finetuner.engine.files import sync_file, write_and_sync

LABELS = "labels.txt"
METADATA = "metadata.json"
CERTIFICATE = "certificate.json"
_BELOW_ALL = -2.0
"""Below every cosine."""
_PROGRESS = "LITERT_TORCH_SHOW_PROGRESS"


class LiteRt:
    """Input `image`: float32 1,S,S,3 (RGB, 0..255). Outputs `probabilities`, `logits`, 1 x C; `unknown` if any."""

    folder = False
    limits = Limits()
    remark = "Images were cut and resized by the app before they went into the file, which does neither."

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Convert all but the resize. Raises FinetunerError when the converter cannot take this network."""
        write_and_sync(target, converted(_sortless(trained)))
        told = own_keys(trained, author) | {"input": _wanted(trained.deployed.preprocess)}
        _add(target, METADATA, json.dumps(told, indent=1))
        _add(target, LABELS, "".join(f"{one_line(name)}\n" for name in trained.classes))

    def reopen(self, target: Path) -> Model:
        """Run the file in LiteRT's interpreter on the CPU, on images resized as its metadata tells."""
        from ai_edge_litert.interpreter import Interpreter

        try:
            run = Interpreter(model_path=str(target)).get_signature_runner()
        except (ValueError, RuntimeError) as error:
            raise _refused("interpreter cannot run what became of this network", error) from error
        rule = Preprocess(_rule(_metadata(target)))
        there = run.get_output_details()
        outputs = [name for name in (*OUTPUTS, UNKNOWN) if name in there]

        def answer(pixels: Pixels) -> Answer:
            told = run(**{INPUT: resized(rule, pixels)})
            return tuple(told[name][0] for name in outputs)

        return answer

    def classes(self, target: Path) -> tuple[str, ...]:
        """The `names` of its metadata."""
        return tuple(json.loads(_metadata(target)["names"]))

    def layers(self, target: Path, pixels: Pixels) -> None:
        """LiteRT joins and renames layers."""

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Add it to the zip; the model before that stays as it was verified."""
        _add(target, CERTIFICATE, certificate.model_dump_json(indent=1))


def converted(deployed: Deployed) -> bytes:
    """The .tflite file's model. Raises FinetunerError when the converter cannot take this network."""
    size = deployed.preprocess.size
    with quiet(), _silent_converter(), torch.no_grad():
        example = {INPUT: torch.zeros(1, size, size, 3)}
        try:
            import litert_torch

            made = litert_torch.convert(_Resized(deployed.cpu()).eval(), sample_kwargs=example)
            content: bytes = made.model_content()
        except Exception as error:  # it raises whatever torch, JAX and MLIR raise
            raise _refused("converter cannot take this network", error) from error
    return content


def _refused(what: str, error: Exception) -> FinetunerError:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return FinetunerError(f"LiteRT's {what}: {reason}", "Choose another format or backbone.")


class _Resized(nn.Module):
    """The deployed module without cut and resize."""

    def __init__(self, deployed: Deployed) -> None:
        super().__init__()
        self.deployed = deployed

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """float32 1,S,S,3 -> what `deployed` gives, by name."""
        planes = self.deployed.preprocess.normalise(image.permute(0, 3, 1, 2))
        return dict(zip((*OUTPUTS, UNKNOWN), self.deployed.answer(planes), strict=False))


class _Sortless(Strangeness):
    """The same score. Torch's topk becomes a sort, for which LiteRT's interpreter has no operation."""

    def furthest(self, likeness: Tensor) -> Tensor:
        """The largest likeness that enough known images reach: N,M -> N."""
        reached_by = (likeness[:, None, :] >= likeness[:, :, None]).sum(2)
        return torch.where(reached_by >= self.neighbours, likeness, _BELOW_ALL).amax(1)


def _sortless(trained: Trained) -> Deployed:
    """The deployed module, its unknown score without topk."""
    deployed, score = trained.deployed, trained.deployed.unknown
    if not isinstance(score, Strangeness):
        return deployed
    plain = _Sortless(*(score.get_buffer(name) for name in ("known", "centres", "spreads")))
    made = Deployed(deployed.model, trained.network.preprocessing, deployed.temperature, deployed.head, plain)
    return made.eval()


def resized(rule: Preprocess, pixels: Pixels) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """uint8 H,W,3 -> float32 1,S,S,3: cut and resized by the app, not rounded."""
    with torch.inference_mode():
        planes = rule.resize(centre_square(torch.from_numpy(np.array(pixels))[None], rule.crop_permille))
        return planes.permute(0, 2, 3, 1).contiguous().numpy()


def _wanted(rule: Preprocess) -> str:
    """What a program has to do with an image before this file gets it."""
    return (
        f"float32 1 x {rule.size} x {rule.size} x 3, RGB, 0..255, not normalised: the centre square of "
        f"{rule.crop_permille / 10:g} % of the shorter side, resized by an antialiased {rule.interpolation} kernel"
    )


def _rule(told: dict[str, str]) -> Preprocessing:
    keys = ("input_size", "mean", "std", "crop_pct")
    return Preprocessing.model_validate(
        {key: json.loads(told[key]) for key in keys} | {"interpolation": told["interpolation"]}
    )


def _metadata(target: Path) -> dict[str, str]:
    with zipfile.ZipFile(target) as archive:
        told: dict[str, str] = json.loads(archive.read(METADATA))
    return told


def _add(target: Path, name: str, content: str) -> None:
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, content)
    sync_file(target)


@contextmanager
def _silent_converter() -> Iterator[None]:
    """The converter's remarks and progress bars are for its developers."""
    before: Any = os.environ.get(_PROGRESS)
    os.environ[_PROGRESS] = "n"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ.pop(_PROGRESS)
        if before is not None:
            os.environ[_PROGRESS] = before
