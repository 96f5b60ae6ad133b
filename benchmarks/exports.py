"""What the exported files are worth: every format of one run, and the .onnx of nine families in every runtime there is.

A probe is trained on --data from --weights and written in every format: size, time and accuracy are those of its
certificate. Then nine networks of real size and random weights are exported, and the file answers --count photos in
onnxruntime here, in OpenVINO and OpenCV of the environment `--peers` (this one, where none is given), and in
onnxruntime-web in Chromium, where FINETUNER_ONNXRUNTIME_WEB names the folder that has it in `node_modules`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.browser import visit
from benchmarks.family_cases import Case
from benchmarks.results import Result, Table
from finetuner.engine import paths
from finetuner.engine.backbones.deployed import load_folder, save_best
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Exported
from finetuner.engine.exporters import EXPORTERS
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.exporter import Model, Pixels
from finetuner.engine.exporters.onnx import Onnx
from finetuner.engine.job import Job
from finetuner.engine.requests import ExportRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.loop import train

PEER = Path(__file__).parent / "peers" / "onnx_answers.py"
FAMILIES = {
    "ResNet": "resnet50",
    "VGG": "vgg16",
    "MobileNet": "mobilenetv2_100",
    "EfficientNet": "efficientnet_b0",
    "ConvNeXt": "convnext_tiny",
    "DenseNet": "densenet121",
    "GoogLeNet": "torchvision/googlenet",
    "ViT": "vit_base_patch16_224",
    "Swin": "swin_tiny_patch4_window7_224",
}
SIZE = 224
NAMES = ("a", "b", "c")

Shares = NDArray[np.float32]


def measure(arguments: argparse.Namespace) -> Result:
    """Two tables."""
    run = probe(arguments)
    formats = [dict(record) for record in written(run)]
    photos = [np.asarray(open_rgb(path)) for path, _ in RunFolder(run).pinned("val")[: arguments.count]]
    python = arguments.peers / "bin" / "python" if arguments.peers else Path(sys.executable)
    families = [answered(family, name, photos, python) for family, name in FAMILIES.items()]
    header = ("format", "MB", "ms an image", "same answer", "largest difference", "accuracy", "of the app")
    return Result(
        records=(*formats, *families),
        tables=(
            Table("The formats of one run", header, tuple(tuple(record.values()) for record in formats)),
            Table(
                f"Largest difference of a probability from the app's, and other classes, on {len(photos)} photos",
                tuple(families[0]),
                tuple(tuple(record.values()) for record in families),
            ),
        ),
    )


def probe(arguments: argparse.Namespace) -> Path:
    """A probe on --data."""
    weights, run = arguments.weights.absolute(), paths.data_dir() / "run"
    job = Job().changed(
        data=arguments.data.absolute(), weights=weights, backbone=weights.name.split(".")[0], strategy="probe"
    )
    for _ in train(TrainRequest(job=job, run=run)):
        pass
    return run


def written(run: Path) -> Iterator[dict[str, object]]:
    """The run in every format; one that is refused is told with its reason."""
    for name in EXPORTERS:
        try:
            *_, event = export(ExportRequest(run=run, format=name, out=run.parent / f"exported-{name}"))
        except FinetunerError as error:
            yield {"format": name, "MB": error.sentence}
            continue
        assert isinstance(event, Exported)
        found = event.certificate
        yield {
            "format": name,
            "MB": f"{event.size_mb:.1f}",
            "ms an image": " beside ".join(f"{row.milliseconds:.1f}" for row in reversed(event.figures))
            or f"{event.milliseconds:.1f}",
            "same answer": f"{found.agreement:.2%}",
            "largest difference": f"{found.largest_difference:.1e}",
            "accuracy": f"{found.accuracy:.1%}",
            "of the app": f"{found.app_accuracy:.1%}",
        }


def answered(family: str, name: str, photos: list[Pixels], python: Path) -> dict[str, object]:
    """One network's file in every runtime, against the app."""
    print(f"{family}: {name}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder, Case(family, name, SIZE).built() as network:
        save_best(Path(folder), network, NAMES, 1.0)
        trained, file = load_folder(Path(folder)), Path(folder) / "model.onnx"
        Onnx().write(trained, file, "")
        expected = answers(app_model(trained), photos)
        told: dict[str, Shares | str] = {"onnxruntime": answers(Onnx().reopen(file), photos)}
        told |= {runtime: peer(runtime, python, file, photos) for runtime in ("openvino", "opencv")}
        told |= {"onnxruntime-web": browser(file, photos)}
        compares = {runtime: compared(expected, found) for runtime, found in told.items()}
        return {"family": family, "network": name, **compares}


def answers(model: Model, photos: list[Pixels]) -> Shares:
    return np.stack([model(photo)[0] for photo in photos])


def peer(runtime: str, python: Path, file: Path, photos: list[Pixels]) -> Shares | str:
    """The answers of another runtime in its own process, or why there are none."""
    pixels = file.with_name("photos.npz")
    np.savez(pixels, *photos)
    done = subprocess.run([str(python), str(PEER), runtime, str(file), str(pixels)], capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1][:80]
    return np.array(json.loads(done.stdout.splitlines()[-1]), np.float32)


def browser(file: Path, photos: list[Pixels]) -> Shares | str:
    """The answers of onnxruntime-web, or why there are none. Its page lies beside the file."""
    web, folder = os.environ.get("FINETUNER_ONNXRUNTIME_WEB"), file.parent
    if not web:
        return "not asked for"
    (folder / "node_modules").symlink_to(Path(web).absolute() / "node_modules")
    shutil.copy(PEER.with_suffix(".html"), folder)
    listed = [{"file": f"/{number}.rgb", "shape": photo.shape} for number, photo in enumerate(photos)]
    for row, photo in zip(listed, photos, strict=True):
        (folder / str(row["file"]).lstrip("/")).write_bytes(photo.tobytes())
    (folder / "photos.json").write_text(json.dumps(listed))
    try:
        said = visit(folder, folder / "profile", PEER.with_suffix(".html").name)
    except (LookupError, ChildProcessError) as error:
        return str(error)
    return said["error"][:80] if "error" in said else np.array(said["answers"], np.float32)


def compared(expected: Shares, found: Shares | str) -> str:
    if isinstance(found, str):
        return found
    others = int((expected.argmax(1) != found.argmax(1)).sum())
    return f"{np.abs(expected - found).max():.1e}, {others} others"
