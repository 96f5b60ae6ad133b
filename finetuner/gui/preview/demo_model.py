"""What a model that never was would answer: an explanation, an export, and the acts that bring a page to life."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.events import (
    Certificate,
    Event,
    Explained,
    Exported,
    Judged,
    LayerRow,
    LayersListed,
    Progress,
    ScannedImage,
    Trust,
)
from finetuner.engine.explanations.keep import save
from finetuner.engine.explanations.render import overlay
from finetuner.engine.files import write_bytes
from finetuner.engine.requests import ExplainRequest, ExportRequest, JudgeRequest, LayersRequest
from finetuner.engine.run_store.run_folder import RunFolder

_PER_CLASS = 12
_VERSIONS = {"finetuner": "0.1.0", "torch": "2.15.0", "onnxruntime": "1.31.1", "timm": "1.0.31"}


def pin(run: Path, data: Path) -> None:
    """Give a run some validation images."""
    labels = sorted({path.parent.name for path in _pictures(data)})
    rows = zip(*(_of(data, label)[:_PER_CLASS] for label in labels), strict=False)
    chosen = [path for row in rows for path in row]
    images = [
        ScannedImage(path=str(path), label=path.parent.name, split="val", width=0, height=0, format="JPEG")
        for path in chosen
    ]
    RunFolder(run).pin_split(tuple(labels), images)
    write_bytes(RunFolder(run).best / "model.safetensors", b"")


def explain(request: ExplainRequest) -> Iterator[Event]:
    """A warm spot near the middle."""
    yield Progress(activity="Looking", done=0)
    heat = _spot(7)
    save(overlay(open_rgb(request.image), heat, 875), request.out, {"method": request.method})
    label = request.label or request.image.parent.name
    yield Explained(
        image=str(request.image), method=request.method, layer="conv_head", label=label, probability=0.968,
        overlay=str(request.out), heat=str(request.out), seconds=0.4,
    )  # fmt: skip


def layers(request: LayersRequest) -> Iterator[Event]:
    """Where the blocks of a small network end."""
    rows = tuple(LayerRow(name=f"blocks.{number}", side=side) for number, side in enumerate((112, 56, 28, 14, 7)))
    yield LayersListed(run=str(request.run), usual="conv_head", layers=rows)


def judge(request: JudgeRequest) -> Iterator[Event]:
    """A map that may be believed."""
    trust = Trust(
        deletion=0.31, insertion=0.84, deletion_by_chance=0.55, insertion_by_chance=0.62, likeness=0.12,
        sentence="The map changes with what the network learned, and the answer hangs on what it marks.",
    )  # fmt: skip
    yield Judged(image=str(request.image), method=request.method, label=request.label, trust=trust)


def export(request: ExportRequest) -> Iterator[Event]:
    """A small graph of the stable form that tells colours apart, with a certificate it did not earn."""
    classes = RunFolder(request.run).classes
    if request.format == "onnx":
        write_onnx(request.out, classes)
    yield Progress(activity="Comparing with the app", done=153, total=153)
    certificate = Certificate(
        images=153, agreement=1.0, largest_difference=1.8e-6, tolerance=1e-3, passed=True,
        created="2026-11-21T09:30:00+00:00", versions=_VERSIONS, format=request.format, labelled=153,
    )  # fmt: skip
    yield Exported(
        run=str(request.run), path=str(request.out), format=request.format, size_mb=8.9, milliseconds=4.2,
        certificate=certificate,
    )  # fmt: skip


def look_at_images(page: Any) -> None:
    """Let the Live page look at the run's validation images."""
    page.use([path for path, _ in RunFolder(page.session.run).pinned("val")][5:])


def write_onnx(path: Path, classes: tuple[str, ...]) -> None:
    """A file of the exported form (input, outputs, names) whose logits are a mix of an image's mean colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(onnx_bytes(classes))


def onnx_bytes(classes: tuple[str, ...]) -> bytes:
    """The file's content."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    mix = np.random.default_rng(3).normal(0, 0.012, (3, len(classes))).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["image"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels", "axes"], ["colour"], keepdims=0),
        helper.make_node("MatMul", ["colour", "mix"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    constants = [numpy_helper.from_array(np.array([1, 2]), "axes"), numpy_helper.from_array(mix, "mix")]
    outputs = [_tensor(name, TensorProto.FLOAT, ["n", len(classes)]) for name in ("probabilities", "logits")]
    image = _tensor("image", TensorProto.UINT8, ["n", "h", "w", 3])
    graph = helper.make_graph(nodes, "demo", [image], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    model.metadata_props.add(key="names", value=json.dumps(classes))
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _tensor(name: str, kind: int, shape: list[Any]) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(name, kind, shape)


def _spot(side: int) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side] / (side - 1) - 0.5
    warm = np.exp(-((x + 0.02) ** 2 + (y - 0.03) ** 2) / 0.045) + 0.35 * np.exp(
        -((x - 0.2) ** 2 + (y + 0.1) ** 2) / 0.02
    )
    return np.asarray(warm / warm.max(), dtype=np.float32)


def _pictures(data: Path) -> list[Path]:
    return sorted(path for path in data.rglob("*") if path.suffix.lower() in (".jpg", ".png"))


def _of(data: Path, label: str) -> list[Path]:
    found = [path for path in _pictures(data) if path.parent.name == label]
    return [path for path in found if "val" in path.parts] or found
