"""Every door by which a model answers goes by its thresholds: predict from a run and from a file, live, the table."""

import csv
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import write_rows
from finetuner.engine.events import Predicted, PredictionRow
from finetuner.engine.exporters.export import export
from finetuner.engine.prediction.onnx_predictor import OnnxPredictor
from finetuner.engine.prediction.predict import predict
from finetuner.engine.prediction.stream import Arrived, LatestFrame, live
from finetuner.engine.requests import ExportRequest, PredictRequest
from finetuner.engine.run_store.thresholds import Thresholds
from tests.engine.tiny import CLASSES, tiny_run


def rows(model: Path, source: Path) -> list[PredictionRow]:
    events = predict(PredictRequest(model=model, source=source))
    return [row for event in events if isinstance(event, Predicted) for row in event.rows]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A run whose likeliest answer is given only from the median of its probabilities on."""
    made = tiny_run(tmp_path_factory.mktemp("limited"))
    found = rows(made, made.parent / "data")
    label = max(CLASSES, key=[row.label for row in found].count)
    limit = float(np.median([row.probability for row in found if row.label == label]))
    Thresholds(classes={label: limit}).save(made)
    return made


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("file") / "model.onnx"
    list(export(ExportRequest(run=run, out=target)))
    return target


def as_it_should_be(row: PredictionRow, thresholds: Thresholds) -> bool:
    return row.probability < thresholds.classes.get(row.label, 0.0)


def test_a_run_is_unsure_below_its_thresholds(run) -> None:
    found, kept = rows(run, run.parent / "data"), Thresholds.load(run)
    assert [row.unsure for row in found] == [as_it_should_be(row, kept) for row in found]
    assert {row.unsure for row in found} == {True, False}


def test_the_best_class_stays_told_beside_it(run) -> None:
    unsure = next(row for row in rows(run, run.parent / "data") if row.unsure)
    assert (unsure.label, unsure.probability) == unsure.top[0]


def test_the_exported_file_carries_them(run, exported) -> None:
    told = onnxruntime.InferenceSession(exported).get_modelmeta().custom_metadata_map
    assert json.loads(told["thresholds"]) == Thresholds.load(run).classes


def test_the_exported_file_is_unsure_of_the_same_images(run, exported) -> None:
    from_run, from_file = (rows(model, run.parent / "data") for model in (run, exported))
    near = [abs(row.probability - Thresholds.load(run).of(row.label)) < 1e-5 for row in from_run]
    assert sum(near) <= 1, "the image at the median itself may fall on either side"
    pairs = zip(from_run, from_file, near, strict=True)
    assert all(one.unsure == other.unsure for one, other, skip in pairs if not skip)
    assert {row.unsure for row in from_file} == {True, False}


def test_safetensors_says_it_in_config_and_card(run, tmp_path) -> None:
    list(export(ExportRequest(run=run, out=tmp_path / "model", format="safetensors")))
    config = json.loads((tmp_path / "model" / "config.json").read_text())
    assert config["finetuner"]["thresholds"] == Thresholds.load(run).classes
    assert "is to be answered as unsure" in (tmp_path / "model" / "README.md").read_text()


@pytest.mark.parametrize(("limit", "unsure"), [(1.0, True), (0.0, False)])
def test_live_is_unsure_below_them(exported, limit: float, unsure: bool) -> None:
    predictor = OnnxPredictor(exported)
    predictor.thresholds = Thresholds(classes=dict.fromkeys(CLASSES, limit))
    frames: LatestFrame[Arrived] = LatestFrame()
    frames.put(Arrived(np.zeros((30, 40, 3), np.uint8), 0.0))
    answers = live(predictor, frames)
    assert next(answers)[1].unsure is unsure
    frames.close()


def test_without_thresholds_nothing_is_said_of_them(run, tmp_path) -> None:
    plain = tiny_run(tmp_path)
    assert {row.unsure for row in rows(plain, plain.parent / "data")} == {None}


def test_the_table_has_a_column_for_it_only_then(tmp_path) -> None:
    plain = PredictionRow(source="a.png", label="ant", probability=0.6, top=(("ant", 0.6), ("bee", 0.4)))
    for found, column in (((plain.model_copy(update={"unsure": True}),), ["yes"]), ((plain,), [])):
        write_rows(tmp_path / "table.csv", found)
        (line,) = csv.DictReader((tmp_path / "table.csv").read_text().splitlines())
        assert (line["label"], [line[name] for name in line if name == "unsure"]) == ("ant", column)


@pytest.mark.parametrize("text", ["[1, 2]", '{"dragon": 0.5}', '{"ant": 7}', "nothing"])
def test_damaged_thresholds_in_a_file_are_told_and_not_passed_over(exported, tmp_path, text: str) -> None:
    model = onnx.load(exported)
    next(entry for entry in model.metadata_props if entry.key == "thresholds").value = text
    onnx.save(model, tmp_path / "damaged.onnx")
    with pytest.raises(FinetunerError, match=r"thresholds in damaged\.onnx are damaged"):
        OnnxPredictor(tmp_path / "damaged.onnx")


def test_a_run_with_thresholds_of_other_classes_is_refused(tmp_path) -> None:
    made = tiny_run(tmp_path)
    Thresholds(classes={"dragon": 0.5}).save(made)
    with pytest.raises(FinetunerError, match="no class 'dragon'"):
        rows(made, made.parent / "data")
