import subprocess
import sys

import numpy as np
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.predictor import open_model
from tests.engine.tiny import CLASSES

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
