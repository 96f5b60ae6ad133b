import numpy as np
import pytest
from PIL import Image

from finetuner.engine.evaluation.class_charts import calibration_chart, class_charts
from finetuner.engine.evaluation.findings import Findings
from finetuner.engine.evaluation.report import confident_mistakes, largest_confusions, write_report
from finetuner.engine.evaluation.scores import scores
from finetuner.engine.events import EpochEnded, PredictionRow, RobustnessMeasured, RobustnessPoint

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


def test_every_figure_has_its_interval_and_few_images_their_doubt(tmp_path, judged):
    text = write_report(tmp_path, judged).read_text("utf-8")
    for name in ("Balanced accuracy", "Log-loss", "Expected calibration error", "Area under ROC"):
        assert name in text
    assert "too few images to tell" in text
    assert "Among the first five" not in text


def test_with_many_classes_the_first_five_count_and_the_hardest_are_drawn(tmp_path):
    names = tuple(f"a rather long class name {index}" for index in range(9))
    many = scores(list(range(9)) * 3, np.tile(np.eye(9), (3, 1)), names)
    text = write_report(tmp_path, many).read_text("utf-8")
    assert "Among the first five" in text
    assert text.count('class="curve c') == 12
    assert "The 6 of 9 classes" in text


def test_curves_stay_within_their_picture(judged):
    for chart in (*class_charts(judged), *calibration_chart(judged)):
        points = [tuple(map(float, point.split(","))) for line in chart.lines for point in line.points.split()]
        assert all(chart.left <= x <= chart.right and chart.top <= y <= chart.bottom for x, y in points)


def test_what_was_looked_into_is_told(tmp_path, judged):
    point = RobustnessPoint(disturbance="<b>blur", strength=2, accuracy=0.5, accuracy_interval=(0.4, 0.6))
    found = Findings(likely_wrong=4, asked=99, robustness=RobustnessMeasured(images=40, points=(point,)))
    assert "Looked into" not in write_report(tmp_path, judged).read_text("utf-8")
    text = write_report(tmp_path, judged, findings=found).read_text("utf-8")
    assert "<b>4</b> of 99 images" in text
    assert "&lt;b&gt;blur" in text


def test_its_size_is_bounded_however_large_and_many_the_mistakes(tmp_path, judged):
    noise = np.random.default_rng(0).integers(0, 255, (900, 1200, 3)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.jpg")
    rows = [row("noise.jpg", "a", "b", 0.9)] * 200
    page = write_report(tmp_path, judged, rows, folder=tmp_path)
    assert page.read_text("utf-8").count("data:image/jpeg") == 24
    assert page.stat().st_size < 1_000_000
