from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.onnx_guard import UnsafeModel, checked
from finetuner.engine.prediction.onnx_predictor import OnnxPredictor


def honest(classes: int = 2) -> onnx.ModelProto:
    """The smallest model of our form: the mean colour, projected."""
    nodes = [
        helper.make_node("Cast", ["image"], ["x"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["x", "axes"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "w"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    weights = np.eye(3, classes, dtype=np.float32)
    graph = helper.make_graph(
        nodes,
        "honest",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", "h", "w", 3])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", classes])
            for name in ("probabilities", "logits")
        ],
        [numpy_helper.from_array(np.array([1, 2]), "axes"), numpy_helper.from_array(weights, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    model.metadata_props.add(key="names", value='["red", "green"]')
    return model


def saved(model: onnx.ModelProto, folder: Path) -> Path:
    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def test_an_honest_model_runs(tmp_path):
    predictor = OnnxPredictor(saved(honest(), tmp_path))
    red = np.zeros((4, 5, 3), np.uint8)
    red[..., 0] = 2
    np.testing.assert_allclose(predictor.answer([red]).logits, [[2.0, 0.0]])


def outside(model):
    tensor = model.graph.initializer[1]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")


def huge(model):
    model.graph.initializer[1].dims[:] = [2**40, 2]


def negative(model):
    model.graph.initializer[1].dims[:] = [-1, 2]


def foreign_operator(model):
    model.graph.node[3].domain = "com.evil"


def own_function(model):
    model.functions.add(name="f", domain="com.evil")


def time_bomb(model):
    model.graph.node[3].op_type = "Loop"


def hidden_graph(model):
    model.graph.node[3].attribute.add(name="body", type=onnx.AttributeProto.GRAPH).g.name = "body"


def memory_bomb(model):
    model.graph.initializer.append(numpy_helper.from_array(np.array([2**20, 2**20]), "shape"))
    model.graph.node.append(helper.make_node("ConstantOfShape", ["shape"], ["bomb"]))


def memory_bomb_from_a_node(model):
    shape = numpy_helper.from_array(np.array([2**36]), "")
    model.graph.node.append(helper.make_node("Constant", [], ["shape"], value=shape))
    model.graph.node.append(helper.make_node("Expand", ["w", "shape"], ["bomb"]))


def outside_in_an_attribute(model):
    tensor = numpy_helper.from_array(np.array([1]), "")
    tensor.data_location = TensorProto.EXTERNAL
    model.graph.node.append(helper.make_node("Constant", [], ["shape"], value=tensor))


def sparse(model):
    model.graph.sparse_initializer.add()


def unlisted_operator(model):
    model.graph.node[3].op_type = "ImageDecoder"


HOSTILE = [
    outside,
    huge,
    negative,
    foreign_operator,
    own_function,
    time_bomb,
    hidden_graph,
    memory_bomb,
    memory_bomb_from_a_node,
    outside_in_an_attribute,
    sparse,
    unlisted_operator,
]


@pytest.mark.parametrize("attack", HOSTILE, ids=lambda attack: attack.__name__)
def test_an_attack_is_refused_before_it_runs(attack):
    model = honest()
    attack(model)
    with pytest.raises(UnsafeModel, match="was not opened"):
        checked(model.SerializeToString())


def no_names(model):
    del model.metadata_props[:]


def names_are_no_list(model):
    model.metadata_props[0].value = '{"a": 1}'


def names_are_no_text(model):
    model.metadata_props[0].value = "[1, 2]"


def too_many_names(model):
    model.metadata_props[0].value = '["a", "b", "c"]'


def another_input(model):
    model.graph.input[0].name = model.graph.node[0].input[0] = "pixels"


def no_logits(model):
    del model.graph.output[1]


def float_input(model):
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT


@pytest.mark.parametrize(
    "flaw",
    [no_names, names_are_no_list, names_are_no_text, too_many_names, another_input, no_logits, float_input],
    ids=lambda flaw: flaw.__name__,
)
def test_a_model_of_another_form_is_a_sentence(flaw, tmp_path):
    model = honest()
    flaw(model)
    with pytest.raises(FinetunerError) as caught:
        OnnxPredictor(saved(model, tmp_path))
    assert "export it with this app" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x00" * 100, b"just some text"])
def test_no_model_at_all_is_a_sentence(content):
    with pytest.raises(UnsafeModel, match="not an ONNX file"):
        checked(content)


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_mutant_is_opened_or_refused_with_a_sentence(tmp_path, data):
    content = bytearray(honest().SerializeToString())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "mutant.onnx"
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    sentence = trouble(path)
    assert "\n" not in sentence


def trouble(path: Path) -> str:
    """The sentence with which it is refused; nothing when it answers. Any other exception fails the test."""
    try:
        OnnxPredictor(path, checked).predict([np.zeros((3, 4, 3), np.uint8)])
    except FinetunerError as error:
        return error.sentence
    return ""


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(FinetunerError, match="cannot be read"):
        OnnxPredictor(tmp_path / "gone.onnx")
