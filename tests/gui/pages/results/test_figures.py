"""The tabs beside the confusion matrix: curves, calibration, robustness."""

import numpy as np
import pytest

from finetuner.engine.evaluation.scores import scores
from finetuner.engine.events import RobustnessMeasured, RobustnessPoint, Scores
from finetuner.engine.prediction.disturbances import DISTURBANCES
from finetuner.engine.requests import RobustnessRequest
from finetuner.gui.pages.results import ResultsPage
from finetuner.gui.pages.results.calibration import FEWEST_IN_A_BIN, Calibration
from finetuner.gui.pages.results.class_curves import MOST_LINES, ClassCurves
from finetuner.gui.pages.results.robustness import Robustness
from finetuner.gui.session import Session
from finetuner.gui.widgets.ticks import write_percent
from tests.gui.pages.finished_run import finished_run


def judged(classes: int = 3, images: int = 120) -> Scores:
    generator = np.random.default_rng(0)
    truth = np.arange(images) % classes
    logits = generator.normal(0, 1, (images, classes)) + 2 * np.eye(classes)[truth]
    return scores(truth.tolist(), 2 * logits, [f"class {number}" for number in range(classes)], temperature=2.0)


@pytest.fixture
def curves(qtbot) -> ClassCurves:
    made = ClassCurves()
    qtbot.addWidget(made)
    return made


def test_each_class_has_a_line_in_both_charts(curves: ClassCurves) -> None:
    curves.show_scores(judged())
    assert set(curves.roc.traces) == set(curves.precision.traces) == {"class 0", "class 1", "class 2"}
    assert curves.roc.traces["class 0"].xs[-1] == 1.0
    assert "Area under ROC" in curves.words.text()


def test_of_many_classes_the_hardest_are_drawn(curves: ClassCurves) -> None:
    found = judged(classes=10, images=300)
    curves.show_scores(found)
    hardest = sorted(found.per_class, key=lambda row: row.auc)[:MOST_LINES]
    assert set(curves.roc.traces) == {row.name for row in hardest}
    assert "hardest of 10" in curves.words.text()


def test_an_older_run_without_curves_says_so(curves: ClassCurves) -> None:
    bare = judged().model_copy(
        update={"per_class": tuple(row.model_copy(update={"auc": None, "roc": ()}) for row in judged().per_class)}
    )
    curves.show_scores(bare)
    assert curves.roc.traces == {}
    assert curves.words.text() == ""


def test_calibration_is_drawn_and_put_into_words(qtbot) -> None:
    widget, found = Calibration(), judged()
    qtbot.addWidget(widget)
    widget.show_scores(found)
    assert set(widget.chart.traces) == {"ideal", "as shown", "unscaled"}
    assert write_percent(found.reliability.error) in widget.words.text()
    assert write_percent(found.reliability_raw.error) in widget.words.text()
    assert "too few" not in widget.words.text()


def test_a_point_of_too_few_images_is_left_out_and_that_is_told(qtbot) -> None:
    widget, found = Calibration(), judged()
    qtbot.addWidget(widget)
    widget.show_scores(found)
    drawn = [part.confidence for part in found.reliability.bins if part.n >= FEWEST_IN_A_BIN]
    assert 0 < len(drawn) < len(found.reliability.bins)
    assert list(widget.chart.traces["as shown"].xs) == pytest.approx(drawn)
    assert "fewer than 5 images are left out" in widget.words.text()


def test_with_few_images_calibration_claims_nothing(qtbot) -> None:
    widget = Calibration()
    qtbot.addWidget(widget)
    widget.show_scores(judged(images=12))
    assert "too few to tell" in widget.words.text()


def measured() -> RobustnessMeasured:
    def point(name: str, strength: float, accuracy: float) -> RobustnessPoint:
        return RobustnessPoint(
            disturbance=name, strength=strength, accuracy=accuracy, accuracy_interval=(accuracy, accuracy)
        )

    falling = [
        point(name, strength, 0.9 - 0.2 * number if name == "noise" else 0.9)
        for name, kind in DISTURBANCES.items()
        for number, strength in enumerate(kind.strengths)
    ]
    return RobustnessMeasured(images=40, points=(point("none", 0, 0.95), *falling))


def test_each_disturbance_has_a_chart_that_begins_undisturbed(qtbot) -> None:
    widget = Robustness()
    qtbot.addWidget(widget)
    widget.show_measured(measured())
    for name, chart in widget.charts.items():
        trace = chart.traces["right"]
        assert (trace.xs[0], trace.ys[0]) == (0.0, 0.95)
        assert trace.xs[1:] == list(DISTURBANCES[name].strengths)
    assert "it bears noise worst" in widget.words.text()
    widget.forget()
    assert all(not chart.traces for chart in widget.charts.values())


def test_the_page_measures_when_it_is_asked(qtbot, session: Session, launcher, idle, tmp_path) -> None:
    run = finished_run(tmp_path)
    session.set_run(run)
    page = ResultsPage(session)
    qtbot.addWidget(page, before_close_func=lambda page: page.answers.grid.pictures.close())
    launcher.answers["robustness"] = (measured(),)
    page.robustness.measure.click()
    idle()
    assert launcher.requests[-1] == RobustnessRequest(run=run)
    assert page.robustness.charts["blur"].traces
