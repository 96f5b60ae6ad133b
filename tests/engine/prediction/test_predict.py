from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetuner.engine.dataset.walk import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Predicted, PredictionEnded, ScanProblem
from finetuner.engine.prediction import predict as module
from finetuner.engine.prediction.predict import batches, predict
from finetuner.engine.prediction.sources import Picture, entries, read
from finetuner.engine.requests import PredictRequest


def answered(model, source, top=5):
    events = list(predict(PredictRequest(model=model, source=source, top=top)))
    rows = [row for event in events if isinstance(event, Predicted) for row in event.rows]
    assert isinstance(events[-1], PredictionEnded)
    return rows, events[-1]


def test_a_folder_is_answered_in_order_and_bad_files_are_told(run, tmp_path):
    for name in ("b.png", "a.png", "sub/c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 30), "red").save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not an image")
    rows, ended = answered(run, tmp_path)
    assert [row.source for row in rows] == [str(tmp_path / name) for name in ("a.png", "b.png", "sub/c.png")]
    assert ended.images == 3
    assert [problem.path for problem in ended.skipped] == [str(tmp_path / "notes.txt")]
    assert "not an image" in ended.skipped[0].reason


def test_a_row_holds_the_ranked_classes(run):
    (row, *_), _ = answered(run, run.parent / "data" / "ant", top=2)
    assert len(row.top) == 2
    assert (row.label, row.probability) == row.top[0]
    assert row.top[0][1] >= row.top[1][1]
    assert row.truth is None


def test_file_and_run_give_the_same_rows(run, onnx_file):
    from_run, _ = answered(run, run.parent / "data")
    from_file, _ = answered(onnx_file, run.parent / "data")
    assert [(row.source, row.label) for row in from_run] == [(row.source, row.label) for row in from_file]
    assert len(from_run) == 12
    assert len({row.label for row in from_run}) > 1, "a network that always says the same proves nothing"


def test_a_single_image_may_be_asked_for(onnx_file, run):
    image = run.parent / "data" / "ant" / "0.png"
    (row,), _ = answered(onnx_file, image)
    assert row.source == str(image)


def test_a_relative_source_keeps_its_name(run, monkeypatch):
    monkeypatch.chdir(run.parent)
    rows = entries(Path("data/ant"))
    assert rows[0].path == "data/ant/0.png"


def test_nothing_there_is_a_sentence(run, tmp_path):
    with pytest.raises(FinetunerError, match="There is nothing at"):
        answered(run, tmp_path / "gone")


def test_an_empty_folder_has_no_answers(onnx_file, tmp_path):
    rows, ended = answered(onnx_file, tmp_path)
    assert rows == []
    assert ended.images == 0


def test_closing_ends_the_reading_threads(onnx_file, run):
    events = predict(PredictRequest(model=onnx_file, source=run.parent / "data"))
    next(event for event in events if isinstance(event, Predicted))
    events.close()


def test_batches_are_cut_by_pixels(monkeypatch):
    monkeypatch.setattr(module, "BATCH_PIXELS", 100)
    pictures = [Picture(str(n), np.zeros((8, 8, 3), np.uint8)) for n in range(5)]
    sizes = [len(batch) for batch, _ in batches(pictures)]
    assert sizes == [2, 2, 1]


def test_problems_travel_with_their_batch():
    mixed = [Picture("a", np.zeros((1, 1, 3), np.uint8)), ScanProblem(path="b", reason="x")]
    ((batch, problems),) = batches(mixed)
    assert ([picture.path for picture in batch], [problem.path for problem in problems]) == (["a"], ["b"])


def test_an_entry_that_was_set_aside_stays_so():
    assert read(Entry("x", "a link that leads nowhere")) == ScanProblem(path="x", reason="a link that leads nowhere")
