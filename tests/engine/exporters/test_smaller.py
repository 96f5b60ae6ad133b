"""The smaller .onnx files: what they are, what they may cost, and what is told of it."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Exported
from finetuner.engine.exporters import onnx_int8
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.exporter import Limits
from finetuner.engine.exporters.onnx_fp16 import OnnxFp16
from finetuner.engine.exporters.onnx_int8 import OnnxInt8
from finetuner.engine.exporters.training_images import TrainingImages
from finetuner.engine.exporters.verify import Agreement
from finetuner.engine.requests import ExportRequest
from tests.engine.tiny import tiny_run

SMALLER = ("onnx-fp16", "onnx-int8")


@pytest.fixture(scope="module", params=SMALLER)
def event(request, run, tmp_path_factory) -> Exported:
    out = tmp_path_factory.mktemp("smaller") / "model.onnx"
    *_, last = export(ExportRequest(run=run, format=request.param, out=out))
    assert isinstance(last, Exported)
    return last


def test_it_is_told_beside_the_full_file(event):
    full, small = event.figures
    assert (full.format, small.format) == ("onnx", event.format)
    assert small.size_mb < 0.6 * full.size_mb
    assert full.agreement == 1.0
    assert {full.accuracy, small.accuracy} == {event.certificate.app_accuracy, event.certificate.accuracy}
    assert event.certificate.labelled == 12
    assert "Of the 12 labelled ones it gets" in event.certificate.sentence()


def test_inputs_and_outputs_stay_those_of_the_full_file(event):
    graph = onnx.load(event.path).graph
    assert [(put.name, put.type.tensor_type.elem_type) for put in graph.input] == [("image", TensorProto.UINT8)]
    assert [put.name for put in graph.output] == ["probabilities", "logits"]
    assert {put.type.tensor_type.elem_type for put in graph.output} == {TensorProto.FLOAT}
    assert json.loads({entry.key: entry.value for entry in onnx.load(event.path).metadata_props}["names"])


def test_preprocessing_stays_in_full_precision(event):
    constants = {tensor.name: tensor.data_type for tensor in onnx.load(event.path).graph.initializer}
    assert constants["preprocess.mean"] == TensorProto.FLOAT


def test_int8_holds_whole_numbers_and_a_scale_for_each_channel(run, tmp_path):
    list(export(ExportRequest(run=run, format="onnx-int8", out=tmp_path / "model.onnx")))
    graph = onnx.load(tmp_path / "model.onnx").graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    weights = [tensor for tensor in graph.initializer if tensor.data_type == TensorProto.INT8 and len(tensor.dims) == 4]
    scales = [constants[tensor.name.replace("_quantized", "_scale")] for tensor in weights]
    assert weights
    assert all(list(scale.dims) == [weight.dims[0]] for weight, scale in zip(weights, scales, strict=True))
    resize = next(node for node in graph.node if node.op_type == "MatMul")
    made_by = {name: node.op_type for node in graph.node for name in node.output}
    assert [made_by[name] for name in resize.input] == ["Div", "Gather"]


def test_int8_without_training_images_is_refused_with_the_way_out(tmp_path):
    run = tiny_run(tmp_path)
    for path in (tmp_path / "seen").rglob("*.png"):
        path.unlink()
    with pytest.raises(FinetunerError, match="export onnx-fp16"):
        list(export(ExportRequest(run=run, format="onnx-int8", out=tmp_path / "model.onnx")))
    assert not (tmp_path / "model.onnx").exists()


def test_the_ranges_come_from_training_images_alone(run, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("finetuner.engine.exporters.training_images.open_rgb", lambda path: asked.append(path))
    list(TrainingImages(run))
    assert len(asked) == 12
    assert {path.parent.parent.name for path in asked} == {"seen"}


def test_the_better_of_two_ways_is_kept(run, tmp_path, monkeypatch):
    """The second, with first and last layer left float, wins where the first is spoiled, and the other way round."""
    really, full = onnx_int8.quantise, tmp_path / "full.onnx"
    for spoiled in (0, 1):
        calls = []

        def quantise(model, target, excluded, images, spoiled=spoiled, calls=calls):
            calls.append(excluded)
            really(model, target, excluded, images)
            if len(calls) - 1 == spoiled:
                bad = onnx.load(target)
                next(node for node in bad.graph.node if node.op_type == "Softmax").input[0] = "logits"
                onnx.save(bad, target)

        monkeypatch.setattr(onnx_int8, "quantise", quantise)
        format, small = OnnxInt8(), tmp_path / f"{spoiled}.onnx"
        format.write(load_best(run), full, "")
        format.shrink(full, small, TrainingImages(run))
        softmax = next(node for node in onnx.load(small).graph.node if node.op_type == "Softmax")
        assert softmax.input[0] != "logits"
        assert len(calls[1]) == len(calls[0]) + 2


def test_a_loss_of_more_than_a_point_and_more_than_an_image_is_refused():
    right, wrong = (np.array([0.9, 0.1], np.float32),) * 2, (np.array([0.4, 0.6], np.float32),) * 2
    for limits, flips, good in [
        (OnnxInt8.limits, 1, True),
        (OnnxInt8.limits, 2, False),
        (OnnxFp16.limits, 1, False),
        (Limits(probability=1.0, other_class=1.0, accuracy_loss=0.5), 10, True),
    ]:
        found = Agreement(limits)
        for number in range(20):
            found.add(right, wrong if number < flips else right, truth=0)
        assert found.good is good, (limits, flips)
