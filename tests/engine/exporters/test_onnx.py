import ast
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.events import Certificate, Exported
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.metadata import metadata
from finetuner.engine.exporters.onnx import Onnx, open_session
from finetuner.engine.requests import ExportRequest
from tests.engine.tiny import CLASSES, tiny_run

AWKWARD = [(1, 64, 64), (3, 48, 97), (1, 7, 3), (2, 1, 1), (1, 2, 400), (1, 333, 517)]


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory) -> Exported:
    out = tmp_path_factory.mktemp("out") / "model.onnx"
    *_, event = export(ExportRequest(run=run, out=out, author="Ada"))
    assert isinstance(event, Exported)
    return event


@pytest.fixture(scope="module")
def session(exported):
    return onnxruntime.InferenceSession(exported.path)


def test_the_certificate_is_shown_and_stored(exported, session):
    stored = Certificate.model_validate_json(session.get_modelmeta().custom_metadata_map["certificate"])
    assert stored == exported.certificate
    assert (stored.images, stored.agreement, stored.passed) == (12, 1.0, True)
    assert stored.largest_difference < 1e-5
    assert exported.milliseconds > 0
    assert exported.size_mb == pytest.approx(2, abs=1)


def test_the_file_tells_what_a_reader_must_know(session):
    told = session.get_modelmeta().custom_metadata_map
    assert json.loads(told["names"]) == json.loads(told["labels"]) == list(CLASSES)
    assert json.loads(told["input_size"]) == 64
    assert json.loads(told["mean"]) == [0.5, 0.5, 0.5]
    assert told["author"] == "Ada"
    assert {"std", "interpolation", "crop_pct", "license", "finetuner_version"} <= set(told)


def test_other_tools_find_their_own_keys(session):
    told = session.get_modelmeta().custom_metadata_map
    # as Ultralytics reads them
    assert ast.literal_eval(told["names"]) == list(CLASSES)
    assert ast.literal_eval(told["imgsz"]) == [64, 64]
    assert (told["task"], int(told["stride"]), int(told["batch"])) == ("classify", 1, 1)
    # as OpenVINO Model API does
    hierarchy = {tuple(key.split()): value for key, value in told.items() if "model_info" in key.split()}
    assert hierarchy["model_info", "model_type"] == "Classification"
    assert hierarchy["model_info", "labels"].split(" ") == list(CLASSES)
    assert hierarchy["model_info", "embedded_processing"] == "True"


@pytest.mark.parametrize(
    "names", [("a bee", "an ant"), ('with "quotes"', "back\\slash"), ("蜂", "🐝"), ("odd\udcff", "b")]
)
def test_every_name_survives_every_reader(run, names):
    trained = replace(load_best(run), classes=names)
    told = metadata(trained, "")
    assert json.loads(told["names"]) == list(names)
    assert ast.literal_eval(told["names"]) == list(names)
    assert len(told["model_info labels"].split(" ")) == len(names)


def test_input_and_outputs_are_as_promised(session):
    (image,) = session.get_inputs()
    assert (image.name, image.type, image.shape[3]) == ("image", "tensor(uint8)", 3)
    assert all(isinstance(size, str) for size in image.shape[:3])
    assert [output.name for output in session.get_outputs()] == ["probabilities", "logits"]


@pytest.mark.parametrize("shape", AWKWARD, ids=str)
def test_raw_pixels_of_any_size_get_the_apps_answer(run, session, shape):
    import torch

    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    probabilities, logits = session.run(None, {"image": pixels})
    with torch.inference_mode():
        app_probabilities, app_logits = load_best(run).deployed(torch.from_numpy(pixels))
    np.testing.assert_allclose(probabilities, app_probabilities, atol=1e-5)
    np.testing.assert_allclose(logits, app_logits, atol=1e-3)


def test_nothing_of_this_machine_travels_with_it(exported):
    model = onnx.load(exported.path)
    assert not any(node.metadata_props or node.doc_string for node in model.graph.node)
    assert b".py" not in model.SerializeToString()
    assert not any(tensor.external_data for tensor in model.graph.initializer)


@pytest.mark.parametrize("other", [{"interpolation": "bicubic"}, {"crop_pct": 1.0}], ids=str)
def test_other_ways_to_cut_and_resize_agree_as_well(tmp_path, other):
    run = tiny_run(tmp_path)
    config = run / "best" / "config.json"
    told = json.loads(config.read_text())
    told["finetuner"]["preprocessing"] |= other
    config.write_text(json.dumps(told))
    trained = load_best(run)
    Onnx().write(trained, tmp_path / "m.onnx", "")
    app, file = app_model(trained), Onnx().reopen(tmp_path / "m.onnx")
    for height, width in [(20, 31), (97, 55), (200, 300)]:
        pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
        np.testing.assert_allclose(file(pixels)[0], app(pixels)[0], atol=1e-5)


def test_an_opened_file_needs_no_path(exported):
    assert open_session(Path(exported.path).read_bytes()).get_inputs()[0].name == "image"
