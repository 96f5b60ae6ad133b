import subprocess
import sys

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from finetuner.engine.backbones.deployed import save_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.predictor import open_model
from tests.engine.prediction.test_onnx_guard import honest, saved
from tests.engine.tiny import CLASSES, tiny_network

IMAGES = [
    np.random.default_rng(n).integers(0, 256, (*size, 3), dtype=np.uint8)
    for n, size in enumerate([(48, 64), (5, 200), (64, 64), (1, 1)])
]


def test_a_run_and_its_export_answer_alike(run, onnx_file):
    from_run, from_file = open_model(run), open_model(onnx_file)
    assert from_run.classes == from_file.classes == CLASSES
    assert from_run.temperature == from_file.temperature == 1.7
    one, other = from_run.answer(IMAGES), from_file.answer(IMAGES)
    np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-5)
    np.testing.assert_allclose(one.logits, other.logits, atol=1e-3)
    assert one.probabilities.shape == (4, 3)
    np.testing.assert_allclose(one.probabilities.sum(1), 1, atol=1e-6)


def test_an_image_is_answered_the_same_alone_and_in_company(run):
    predictor = open_model(run)
    together = predictor.predict(IMAGES)
    alone = np.concatenate([predictor.predict([image]) for image in IMAGES])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_an_onnx_file_needs_no_torch(onnx_file):
    program = (
        "import sys, numpy, pathlib; from finetuner.engine.prediction.predictor import open_model;"
        f"model = open_model(pathlib.Path({str(onnx_file)!r}));"
        "print(model.predict([numpy.zeros((9, 9, 3), numpy.uint8)]).shape);"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "(1, 3)" in done.stdout


def test_nothing_there_is_a_sentence(tmp_path):
    with pytest.raises(FinetunerError, match="no model at"):
        open_model(tmp_path / "gone.onnx")


def test_a_folder_without_a_model_is_a_sentence(tmp_path):
    with pytest.raises(FinetunerError, match="no trained model"):
        open_model(tmp_path)


def test_a_run_whose_answers_are_no_numbers_is_a_sentence(tmp_path):
    network = tiny_network()
    with torch.no_grad():
        network.head.weight.fill_(torch.finfo().max)  # numbers all the same, until they are added up
    save_best(tmp_path / "best", network, CLASSES, 1.0)
    with pytest.raises(FinetunerError, match="gives answers that are no numbers"):
        open_model(tmp_path).predict(IMAGES[:1])


@pytest.mark.parametrize("weight", [np.nan, np.inf])
def test_a_file_whose_answers_are_no_numbers_is_a_sentence(tmp_path, weight):
    model = honest()
    model.graph.initializer[1].CopyFrom(numpy_helper.from_array(np.full((3, 2), weight, np.float32), "w"))
    with pytest.raises(FinetunerError, match="gives answers that are no numbers"):
        open_model(saved(model, tmp_path)).predict(IMAGES[:1])


def test_a_file_whose_answers_are_words_is_a_sentence(tmp_path):
    model = honest()
    model.graph.node[3].output[0] = "shares"
    cast = helper.make_node("Cast", ["shares"], ["probabilities"], to=TensorProto.STRING)
    model.graph.node.append(cast)
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.STRING
    with pytest.raises(FinetunerError, match="gives answers that are no numbers"):
        open_model(saved(model, tmp_path)).predict(IMAGES[:1])
