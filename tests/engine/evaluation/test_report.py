import numpy as np
import pytest
from PIL import Image

from finetuner.engine.evaluation.report import confident_mistakes, largest_confusions, write_report
from finetuner.engine.evaluation.scores import scores
from finetuner.engine.events import EpochEnded, PredictionRow

HOSTILE = "<script>alert(1)</script>"


def epoch(number: int, **changes: object) -> EpochEnded:
    values = {"train_loss": 1 / number, "val_loss": 1.1 / number, "val_accuracy": 0.9, "best": number == 2}
    return EpochEnded(
        epoch=number, epochs=3, rates=(None, 0.1), images_per_second=10, seconds=1, **{**values, **changes}
    )


def row(source: str, truth: str, label: str, probability: float) -> PredictionRow:
    return PredictionRow(source=source, truth=truth, label=label, probability=probability)


@pytest.fixture
def judged():
    return scores([0, 0, 1], np.array([[2.0, 0], [0, 1.0], [0, 3.0]]), ("a", HOSTILE))


def test_the_page_stands_alone_and_escapes_names(tmp_path, judged):
    Image.new("RGB", (50, 40), "red").save(tmp_path / "x.jpg")
    rows = [row("x.jpg", "a", HOSTILE, 0.73), row("gone.jpg", "a", HOSTILE, 0.6)]
    page = write_report(tmp_path, judged, rows, [epoch(1), epoch(2)], {"Backbone": "<b>net"}, folder=tmp_path)
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;net" in text
    assert text.count('src="data:image/jpeg;base64,') == 1
    assert "not found" in text
    assert "http" not in text.replace("http-equiv", "")


def test_it_tells_the_share_with_its_interval_and_n(tmp_path, judged):
    text = write_report(tmp_path, judged).read_text("utf-8")
    assert "66.7 %" in text
    assert "20.8 – 93.9 %" in text
    assert "n&nbsp;=&nbsp;3" in text
    assert "Learning curves" not in text


def test_a_diverged_epoch_does_not_break_the_page(tmp_path, judged):
    text = write_report(tmp_path, judged, epochs=[epoch(1), epoch(2, train_loss=float("nan"))]).read_text("utf-8")
    assert "Learning curves" in text
    assert "nan" not in text.split("</style>")[1]


def test_many_classes_get_pairs_instead_of_a_matrix(tmp_path):
    names = tuple(f"class {index}" for index in range(30))
    many = scores(list(range(30)), np.roll(np.eye(30), 1, axis=1), names)
    text = write_report(tmp_path, many).read_text("utf-8")
    assert "Confusion matrix" not in text
    assert "Most frequent confusions" in text


def test_mistakes_come_surest_first():
    rows = [row("1", "a", "a", 0.99), row("2", "a", "b", 0.6), row("3", "b", "a", 0.9)]
    assert [mistake.source for mistake in confident_mistakes(rows)] == ["3", "2"]


def test_confusions_are_shares_of_the_true_class(judged):
    (pair,) = largest_confusions(judged)
    assert (pair.truth, pair.label, pair.count, pair.share) == ("a", HOSTILE, 1, 0.5)
