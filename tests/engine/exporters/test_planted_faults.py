"""Faults as they happen to exported models, planted one by one: none is published, and each is found where it is."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from finetuner.engine.errors import FinetunerError
from finetuner.engine.exporters import app_model as app_side
from finetuner.engine.exporters import onnx as onnx_file
from finetuner.engine.exporters import safetensors as safetensors_folder
from finetuner.engine.exporters.export import export
from finetuner.engine.requests import ExportRequest

WEIGHTS = "model.conv1.3.weight"


def changed(model: Any, name: str, change: Callable[[Any], Any]) -> None:
    tensor = next(tensor for tensor in model.graph.initializer if tensor.name == name)
    tensor.CopyFrom(numpy_helper.from_array(change(numpy_helper.to_array(tensor)).astype(np.float32), name))


def wrong_mean(model: Any) -> None:
    changed(model, "preprocess.mean", lambda mean: mean * 0.9)


def bgr(model: Any) -> None:
    for node in model.graph.node:
        node.input[:] = ["bgr" if name == "image" and node.op_type != "Shape" else name for name in node.input]
    model.graph.initializer.append(numpy_helper.from_array(np.array([2, 1, 0]), "backwards"))
    model.graph.node.insert(0, helper.make_node("Gather", ["image", "backwards"], ["bgr"], axis=3))


def another_kernel(model: Any) -> None:
    """What lies before the centre counts in full."""
    for node in model.graph.node:
        if node.op_type == "Abs":
            node.op_type = "Relu"


def wrong_weights(model: Any) -> None:
    changed(model, WEIGHTS, lambda weights: weights * 1.5)


def wrong_temperature(model: Any) -> None:
    softmax = next(node for node in model.graph.node if node.op_type == "Softmax")
    softmax.input[0] = "logits"


GRAPH_FAULTS = {
    wrong_mean: "part at the normalisation of the image",
    bgr: "part at the resizing of the image",
    another_kernel: "part at the resizing of the image",
    wrong_weights: r"part at the layer conv1\.[45]:",
    wrong_temperature: "layers compared agree: they part after the last one",
}


def refused(run: Path, out: Path, format: str = "onnx") -> str:
    """Why the export is refused; nothing is left of it."""
    with pytest.raises(FinetunerError, match="does not answer as the app does") as told:
        list(export(ExportRequest(run=run, format=format, out=out)))
    assert list(out.parent.iterdir()) == []
    return str(told.value)


@pytest.mark.parametrize("fault", GRAPH_FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_in_the_graph_is_refused_and_found(fault, run, tmp_path, monkeypatch):
    really = onnx_file.traced

    def faulty(deployed: Any) -> Any:
        model = really(deployed)
        fault(model)
        return model

    monkeypatch.setattr(onnx_file, "traced", faulty)
    assert re.search(GRAPH_FAULTS[fault], refused(run, tmp_path / "model.onnx"))


def test_labels_in_another_order_are_refused_by_name(run, tmp_path, monkeypatch):
    really = onnx_file.metadata
    monkeypatch.setattr(
        onnx_file, "metadata", lambda trained, author: really(trained, author) | {"names": '["bee", "ant", "cow"]'}
    )
    told = refused(run, tmp_path / "model.onnx")
    assert "number 0 is called bee there and ant in the app" in told
    assert "0 of 12 images got another class" not in told


def test_other_labels_are_refused(run, tmp_path, monkeypatch):
    really = onnx_file.metadata
    monkeypatch.setattr(
        onnx_file, "metadata", lambda trained, author: really(trained, author) | {"names": '["ant", "bee"]'}
    )
    with pytest.raises(FinetunerError, match="names 2 classes that are not the app's 3"):
        list(export(ExportRequest(run=run, out=tmp_path / "model.onnx")))


def test_a_fault_on_the_apps_side_is_refused_and_found(run, tmp_path, monkeypatch):
    really = app_side.app_model

    def changed_meanwhile(trained: Any) -> Any:
        trained.deployed.preprocess.mean.mul_(0.9)
        return really(trained)

    monkeypatch.setattr("finetuner.engine.exporters.export.app_model", changed_meanwhile)
    assert "part at the normalisation of the image" in refused(run, tmp_path / "model.onnx")


def test_a_folder_is_looked_into_as_well(run, tmp_path, monkeypatch):
    really = safetensors_folder.load_folder

    def damaged(folder: Path) -> Any:
        trained = really(folder)
        trained.network.model.get_parameter(WEIGHTS.removeprefix("model.")).data.mul_(1.5)
        return trained

    monkeypatch.setattr(safetensors_folder, "load_folder", damaged)
    assert "part at the layer conv1.3:" in refused(run, tmp_path / "model", "safetensors")


def test_the_file_itself_holds_no_trace_of_the_layers(run, tmp_path):
    list(export(ExportRequest(run=run, out=tmp_path / "model.onnx")))
    assert not any(node.metadata_props for node in onnx.load(tmp_path / "model.onnx").graph.node)
