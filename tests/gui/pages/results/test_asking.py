"""Long questions about a run: one of each kind, and nobody waits for the answer about a run that was left."""

from pathlib import Path

import pytest

from finetuner.engine.evaluation.tables import write_metrics
from finetuner.engine.events import EvaluationEnded, RobustnessMeasured, RobustnessPoint, RunEnded, SuspectsRanked
from finetuner.gui.pages.results import ResultsPage
from finetuner.gui.preview import demo_run
from finetuner.gui.preview.demo_answers import judge
from tests.gui.pages.finished_run import finished_run
from tests.gui.pages.results.test_page import scores


def judged_run(folder: Path) -> Path:
    made = finished_run(folder)
    predictions = (made / "predictions.csv").read_bytes()
    judge(made)
    (made / "predictions.csv").write_bytes(predictions)
    write_metrics(made, scores())
    return made


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return judged_run(tmp_path / "other")


@pytest.fixture
def page(qtbot, session, tmp_path: Path) -> ResultsPage:
    session.set_run(judged_run(tmp_path))
    made = ResultsPage(session)
    qtbot.addWidget(made, before_close_func=lambda page: page.answers.grid.pictures.close())
    made.show()
    return made


def measured() -> RobustnessMeasured:
    points = tuple(
        RobustnessPoint(disturbance=name, strength=1, accuracy=0.5, accuracy_interval=(0.1, 0.9))
        for name in ("none", "blur")
    )
    return RobustnessMeasured(images=4, points=points)


def test_the_score_on_another_folder_is_not_shown_of_another_run(page, session, launcher, idle, other, tmp_path):
    better = scores().model_copy(update={"accuracy": 1.0})
    launcher.answers["evaluate"] = (EvaluationEnded(folder=str(tmp_path), scores=better, rows=()),)
    page.asking.score(tmp_path)
    session.set_run(other)
    idle()
    assert page.verdict is not None
    assert page.verdict.scores.accuracy < 1.0
    assert page.progress.isHidden()


def test_robustness_is_asked_once_and_not_shown_of_another_run(page, session, launcher, idle, other):
    question = page.robustness.words.text()
    launcher.answers["robustness"] = (measured(),)
    for _ in range(3):
        page.robustness.measure.click()
    idle()
    assert [request.task for request in launcher.requests] == ["robustness"]
    assert page.robustness.words.text() != question
    session.set_run(other)
    assert page.robustness.words.text() == question


def test_likely_wrong_labels_are_not_shown_of_another_run(page, session, launcher, idle, other):
    launcher.answers["suspects"] = (SuspectsRanked(images=4, suspects=()),)
    page.repair.look_for_doubts()
    session.set_run(other)
    idle()
    assert page.answers.heading.text() != "No label is in doubt"


def test_a_refit_that_ends_while_another_run_is_in_sight_is_announced(page, session, other, tmp_path):
    before, fitted = session.run, judged_run(tmp_path / "fitted")
    session.set_run(other)
    page.repair._on_event(before, RunEnded(status="done", sentence="", summary=demo_run.summary(fitted)))
    assert session.run == other
    assert fitted.name in page.notice.text
    page.notice.buttons[0].click()
    assert session.run == fitted


def test_a_click_on_a_group_does_not_make_the_next_ones_slower(page, monkeypatch):
    seen: list[int] = []
    page.answers.grid.selectionModel().selectionChanged.connect(lambda *_: seen.append(1))
    refreshed: list[int] = []
    monkeypatch.setattr(type(page.answers.fixing), "_fill_menu", lambda self: refreshed.append(1))
    for _ in range(5):
        page._show_mistakes()
    refreshed.clear()
    page.answers.grid.selectAll()
    assert len(refreshed) == len(seen) > 0
