import subprocess
import sys

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from finetuner.engine import interpreter, paths
from finetuner.engine.prediction.onnx_guard import UnsafeModel
from finetuner.engine.prediction.onnx_predictor import OnnxPredictor
from finetuner.engine.prediction.quarantine import admit
from tests.engine.prediction.test_onnx_guard import honest, own_function, saved


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FINETUNER_HOME", str(tmp_path / "home"))


def computed_memory_bomb():
    """2 ** 36 numbers, a size that stands nowhere in the file."""
    model = honest()
    model.graph.initializer.append(numpy_helper.from_array(np.array([2**18]), "side"))
    model.graph.node.append(helper.make_node("Mul", ["side", "side"], ["many"]))
    model.graph.node.append(helper.make_node("ConstantOfShape", ["many"], ["bomb"]))
    model.graph.node.append(helper.make_node("ReduceMax", ["bomb"], ["largest"], keepdims=0))
    model.graph.output.append(helper.make_tensor_value_info("largest", TensorProto.FLOAT, None))
    return model


def test_what_the_child_let_pass_is_not_tried_again(monkeypatch):
    content = honest().SerializeToString()
    admit(content)
    monkeypatch.setattr(subprocess, "run", None)
    admit(content)


def test_where_no_mark_can_be_kept_each_time_is_a_trial(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FINETUNER_HOME", str(tmp_path / "file"))
    content = honest().SerializeToString()
    admit(content)
    hostile = honest()
    own_function(hostile)
    with pytest.raises(UnsafeModel, match="it defines functions of its own"):
        admit(hostile.SerializeToString())
    admit(content)


def test_other_content_is_tried_anew():
    admit(honest().SerializeToString())
    hostile = honest()
    own_function(hostile)
    with pytest.raises(UnsafeModel, match="it defines functions of its own"):
        admit(hostile.SerializeToString())


def test_a_bomb_goes_off_in_the_child(tmp_path):
    with pytest.raises(UnsafeModel, match="needs more memory than a classifier does"):
        OnnxPredictor(saved(computed_memory_bomb(), tmp_path))
    assert not list(paths.cache_dir().rglob("admitted/*"))


def test_what_onnxruntime_cannot_open_is_a_sentence():
    model = honest()
    model.graph.node[1].op_type = "Conv"
    with pytest.raises(UnsafeModel, match="onnxruntime refuses it"):
        admit(model.SerializeToString())


@pytest.mark.parametrize(
    "act",
    ["import os; os.abort()", "print('no json'); raise SystemExit(1)", "print('[1]'); raise SystemExit(1)"],
    ids=["breaks down", "says nothing of use", "says something odd"],
)
def test_a_child_that_does_not_say_why_refuses_too(act, monkeypatch):
    monkeypatch.setattr(interpreter, "command", lambda *_: [sys.executable, "-c", act])
    with pytest.raises(UnsafeModel, match="more memory or time than a classifier does"):
        admit(honest().SerializeToString())


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    def never(*_, timeout, **__):
        raise subprocess.TimeoutExpired("child", timeout)

    monkeypatch.setattr(subprocess, "run", never)
    with pytest.raises(UnsafeModel, match="more memory or time"):
        admit(honest().SerializeToString())


def test_its_words_are_shown_without_control_characters():
    model = honest()
    model.graph.node[3].domain = "evil\x1b[2J\ndomain"
    with pytest.raises(UnsafeModel) as caught:
        admit(model.SerializeToString())
    assert "\x1b" not in str(caught.value)
    assert "\n" not in caught.value.sentence
