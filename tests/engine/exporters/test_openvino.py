"""The OpenVINO folder, where OpenVINO is there; that it is missed elsewhere is told by test_availability."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Exported
from finetuner.engine.exporters import EXPORTERS
from finetuner.engine.exporters import onnx as onnx_file
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.availability import lack
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.openvino import OpenVino, silent_openvino
from finetuner.engine.requests import ExportRequest
from tests.engine.exporters.test_planted_faults import wrong_mean
from tests.engine.tiny import CLASSES


@pytest.fixture
def needed():
    if lack("openvino"):
        pytest.skip("openvino is not installed")


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory) -> Exported:
    if lack("openvino"):
        pytest.skip("openvino is not installed")
    out = tmp_path_factory.mktemp("out") / "model"
    *_, event = export(ExportRequest(run=run, format="openvino", out=out, author="Ada"))
    assert isinstance(event, Exported)
    return event


@pytest.fixture(scope="module")
def model(exported):
    return silent_openvino().Core().read_model(f"{exported.path}/model.xml")


def test_without_its_package_it_is_missed(monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert str(lack("openvino")) == "The package openvino is not installed. Install it: pip install openvino"
    assert EXPORTERS["openvino"].packages == ("openvino",)


def test_inputs_and_outputs_are_as_promised(model):
    (image,) = model.inputs
    assert (image.any_name, image.element_type.get_type_name(), image.partial_shape.to_string()) == (
        "image",
        "u8",
        "[?,?,?,3]",
    )
    assert [output.any_name for output in model.outputs] == ["probabilities", "logits"]


def test_model_api_finds_its_keys(model):
    told = {key: model.get_rt_info(["model_info", key]).astype(str) for key in ("model_type", "labels")}
    assert told == {"model_type": "Classification", "labels": " ".join(CLASSES)}


def test_weights_stay_in_full_precision(model):
    kinds = {node.get_element_type().get_type_name() for node in model.get_ops() if node.get_type_name() == "Constant"}
    assert "f32" in kinds
    assert not {"f16", "bf16"} & kinds


@pytest.mark.parametrize("shape", [(64, 64), (7, 3), (1, 1), (333, 517)], ids=str)
def test_raw_pixels_of_any_size_get_the_apps_answer(run, exported, shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    app, file = app_model(load_best(run)), OpenVino().reopen(Path(exported.path))
    np.testing.assert_allclose(file(pixels)[0], app(pixels)[0], atol=1e-5)


def test_the_folder_tells_what_a_reader_must_know(exported):
    folder = Path(exported.path)
    files = ["certificate.json", "metadata.json", "model.bin", "model.xml"]
    assert sorted(path.name for path in folder.iterdir()) == files
    assert Certificate.model_validate_json((folder / "certificate.json").read_text()) == exported.certificate
    assert json.loads(json.loads((folder / "metadata.json").read_text())["names"]) == list(CLASSES)
    assert ".py" not in (folder / "model.xml").read_text()


@pytest.mark.usefixtures("needed")
def test_a_fault_in_the_graph_is_refused(run, tmp_path, monkeypatch):
    really = onnx_file.traced

    def faulty(deployed):
        graph = really(deployed)
        wrong_mean(graph)
        return graph

    monkeypatch.setattr(onnx_file, "traced", faulty)
    with pytest.raises(FinetunerError, match="does not answer as the app does"):
        list(export(ExportRequest(run=run, format="openvino", out=tmp_path / "model")))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("needed")
def test_nothing_is_reported_to_anybody():
    """In a process of its own: openvino sends its event when it is imported for the first time."""
    code = (
        "import sys; from finetuner.engine.exporters.openvino import silent_openvino; silent_openvino()\n"
        "print('openvino' in sys.modules, sys.modules['openvino_telemetry'] is not None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
