import hashlib
import json
import shutil

import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import EvaluationEnded
from finetuner.engine.prediction.score import evaluate
from finetuner.engine.requests import EvaluateRequest
from tests.engine.tiny import CLASSES, pictures


def scored(run, data) -> EvaluationEnded:
    *_, event = evaluate(EvaluateRequest(run=run, data=data))
    assert isinstance(event, EvaluationEnded)
    return event


def test_the_figures_are_those_of_the_rows(run, tmp_path):
    pictures(tmp_path / "data")
    event = scored(run, tmp_path / "data")
    right = sum(row.label == row.truth for row in event.rows)
    assert event.scores.n == len(event.rows) == 12
    assert event.scores.accuracy == right / 12
    assert event.scores.temperature == 1.7
    assert event.scores.classes == CLASSES
    assert event.notices == ()


def test_a_run_and_its_export_score_alike(run, onnx_file, tmp_path):
    pictures(tmp_path / "data")
    one, other = scored(run, tmp_path / "data").scores, scored(onnx_file, tmp_path / "data").scores
    assert one.confusion == other.confusion
    assert one.loss == pytest.approx(other.loss, abs=1e-4)


def test_classes_are_matched_by_name_and_strangers_told(run, tmp_path):
    pictures(tmp_path / "data", ("zebra", "bee"))
    event = scored(run, tmp_path / "data")
    assert event.scores.n == 4
    assert {row.truth for row in event.rows} == {"bee"}
    assert [score.support for score in event.scores.per_class] == [0, 4, 0]
    assert event.notices == ("The model does not know the class zebra, whose images are left out (4).",)


def test_no_known_class_is_a_sentence(run, tmp_path):
    pictures(tmp_path / "data", ("zebra", "yak"))
    with pytest.raises(FinetunerError, match="No class folder of data is known"):
        scored(run, tmp_path / "data")


def test_where_no_image_can_be_read_the_reason_is_told_and_not_the_classes(run, tmp_path):
    for image in pictures(tmp_path / "data", of_each=1):
        image.write_bytes(b"")
    with pytest.raises(FinetunerError, match=r"No usable image was found in data\. The first of 3 .*0\.png: .*empty"):
        scored(run, tmp_path / "data")


@pytest.mark.parametrize(("parts", "chosen"), [(("train", "val"), "val"), (("train", "val", "test"), "test")])
def test_the_part_kept_for_it_is_scored(run, tmp_path, parts, chosen):
    for part in parts:
        pictures(tmp_path / "data" / part, of_each=2)
    event = scored(run, tmp_path / "data")
    assert all(f"/{chosen}/" in row.source for row in event.rows)
    assert len(event.rows) == 6
    assert "left out" in event.notices[0]


def test_images_learned_from_are_told(run, tmp_path):
    drawn = pictures(tmp_path / "data")
    other = tmp_path / "run"
    shutil.copytree(run, other)
    content = hashlib.sha256(drawn[0].read_bytes()).hexdigest()
    row = {"path": "elsewhere.png", "label": "ant", "split": "train", "content": content}
    (other / "split.json").write_text(json.dumps({"classes": CLASSES, "images": [row]}))
    assert "1 of these 12 images were used in training" in scored(other, tmp_path / "data").notices[0]


def test_unreadable_images_are_set_aside(run, tmp_path):
    drawn = pictures(tmp_path / "data")
    drawn[0].write_bytes(drawn[0].read_bytes()[:60])
    event = scored(run, tmp_path / "data")
    assert event.scores.n == 11
    assert [problem.path for problem in event.skipped] == [str(drawn[0])]
