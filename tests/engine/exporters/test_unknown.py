"""What is unknown to a run is unknown to its file: the score is an output, the cut is told, and both are compared."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from finetuner.engine.backbones.unknown import METHOD
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Exported, Predicted
from finetuner.engine.exporters.availability import lack
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.exporter import Limits
from finetuner.engine.exporters.onnx_int8 import narrowed
from finetuner.engine.exporters.verdicts import Verdicts
from finetuner.engine.exporters.verify import Agreement
from finetuner.engine.prediction.onnx_predictor import OnnxPredictor
from finetuner.engine.prediction.predict import predict
from finetuner.engine.requests import ExportRequest, PredictRequest
from finetuner.engine.run_store.unknown import Cut, Unknown
from tests.engine.tiny import tiny_run
from tests.engine.unknown import learn_half

CUT = Cut(method=METHOD, threshold=0.5, known_share=0.95)


@pytest.fixture(scope="module")
def knowing(tmp_path_factory):
    """A run to which about half of its own images are unknown."""
    run = tiny_run(tmp_path_factory.mktemp("knowing"))
    learn_half(run)
    return run


@pytest.fixture(scope="module")
def exported(knowing, tmp_path_factory) -> Exported:
    *_, event = export(ExportRequest(run=knowing, out=tmp_path_factory.mktemp("file") / "model.onnx"))
    assert isinstance(event, Exported)
    return event


def rows(model, run):
    events = predict(PredictRequest(model=model, source=run.parent / "data"))
    return [row for event in events if isinstance(event, Predicted) for row in event.rows]


def test_outputs_are_added_and_none_is_renamed(exported):
    session = onnxruntime.InferenceSession(exported.path)
    assert [output.name for output in session.get_outputs()] == ["probabilities", "logits", "unknown"]
    shares, _, score = session.run(None, {"image": np.zeros((3, 20, 30, 3), np.uint8)})
    assert (shares.shape, score.shape, score.dtype) == ((3, 3), (3,), np.float32)


def test_the_file_tells_the_cut(knowing, exported):
    told = onnxruntime.InferenceSession(exported.path).get_modelmeta().custom_metadata_map
    assert Cut.parse(told) == Unknown.load(knowing).cut
    assert {"unknown_threshold", "unknown_method", "unknown_known_share"} <= set(told)


def test_the_file_takes_the_same_images_for_unknown(knowing, exported):
    ours, theirs = rows(knowing, knowing), rows(Path(exported.path), knowing)
    assert [row.unknown for row in ours] == [row.unknown for row in theirs]
    assert {row.unknown for row in ours} == {True, False}
    assert [row.label for row in ours] == [row.top[0][0] for row in ours], "the best class stays told"


def test_the_certificate_says_so(exported):
    assert "Known or unknown: the same on 12 of 12" in exported.certificate.note


def test_a_file_without_the_output_opens_as_ever(run, tmp_path):
    list(export(ExportRequest(run=run, out=tmp_path / "m.onnx")))
    predictor = OnnxPredictor(tmp_path / "m.onnx")
    assert predictor.cut is None
    assert predictor.answer([np.zeros((20, 30, 3), np.uint8)]).unknown is None


@pytest.mark.parametrize("format", ["onnx-fp16", "onnx-int8", "pt2", "litert", "safetensors"])
def test_other_formats_carry_it_too(knowing, tmp_path, format):
    if missing := lack(format):
        pytest.skip(missing.sentence)
    *_, event = export(ExportRequest(run=knowing, format=format, out=tmp_path / "other"))
    assert "Known or unknown: the same on" in event.certificate.note


def test_the_known_images_are_kept_in_whole_numbers_and_the_score_hardly_moves(exported):
    """Logits and probabilities do not move at all."""
    full, narrow = onnx.load(exported.path), narrowed(onnx.load(exported.path))
    sizes = [sum(len(tensor.SerializeToString()) for tensor in model.graph.initializer) for model in (full, narrow)]
    images = np.random.default_rng(0).integers(0, 256, (8, 20, 30, 3), np.uint8)
    ours, theirs = (
        onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"image": images}) for model in (full, narrow)
    )
    kinds = {tensor.name: tensor.data_type for tensor in narrow.graph.initializer}
    (known,) = [name for name in kinds if name.endswith(".narrow")]
    assert kinds[known] == onnx.TensorProto.INT8
    assert sizes[1] < sizes[0]
    for place in (0, 1):
        assert np.array_equal(ours[place], theirs[place])
    assert ours[2] == pytest.approx(theirs[2], abs=0.05)
    assert not np.array_equal(ours[2], theirs[2])


def answer(score):
    return (np.array([0.9, 0.1], np.float32), np.zeros(2, np.float32), np.float32(score))


@pytest.mark.parametrize(
    ("ours", "theirs", "good"),
    [(0.2, 0.2005, True), (0.2, 0.4, False), (0.4999, 0.5001, True), (0.2, float("nan"), False)],
)
def test_scores_that_differ_are_refused(ours, theirs, good):
    agreement = Agreement(cut=CUT)
    agreement.add(answer(ours), answer(theirs))
    assert agreement.good is good


def test_a_file_that_forgot_the_output_is_refused():
    agreement = Agreement(cut=CUT)
    agreement.add(answer(0.2), answer(0.2)[:2])
    assert not agreement.good


def test_a_smaller_format_may_judge_a_few_otherwise():
    verdicts = Verdicts(CUT, Limits(score=float("inf")))
    verdicts.add(answer(0.2), answer(0.7))
    assert verdicts.good(1)
    assert not verdicts.good(0)


def test_a_damaged_cut_is_told(exported, tmp_path):
    model = onnx.load(exported.path)
    next(entry for entry in model.metadata_props if entry.key == "unknown_threshold").value = "nothing"
    onnx.save(model, tmp_path / "damaged.onnx")
    with pytest.raises(FinetunerError, match="unknown is damaged"):
        OnnxPredictor(tmp_path / "damaged.onnx")
