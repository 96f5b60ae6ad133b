from collections.abc import Iterator
from pathlib import Path

import pytest

from finetuner.engine.events import BatchEnded, Continued, EpochEnded, Event, Failed, Paused, RunEnded, RunStarted
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui.pages.training import TrainingPage
from finetuner.gui.preview import demo_run
from finetuner.gui.session import Session
from tests.gui.fakes import FakeTask


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return RunFolder.create(tmp_path / "flowers-lp-ft", Job()).path


@pytest.fixture
def make_page(qtbot, session: Session) -> Iterator:
    def make() -> TrainingPage:
        page = TrainingPage(session)
        qtbot.addWidget(page)
        page.show()
        return page

    return make


def follow(qtbot, session: Session, run: Path, events: list[Event], endless: bool = True) -> FakeTask:
    """Watch a run that says these things; it then waits to be stopped, unless it is over."""
    task = FakeTask(events, endless)
    session.training.attach(run, lambda path: task)
    qtbot.waitUntil(lambda: len(session.training.events) == len(events))
    if not endless:
        qtbot.waitUntil(lambda: not session.training.running)
    return task


def test_an_empty_page_says_what_to_do(make_page, session):
    page = make_page()
    assert not page.pause.isVisible()
    assert not page.results.isVisible()
    assert page._stack.currentIndex() == 1


def test_a_run_is_told_as_it_happens(qtbot, make_page, session, run):
    page = make_page()
    follow(qtbot, session, run, list(demo_run.events(run, until=7)))
    assert page.charts.accuracy.traces["validation"].xs == [1, 2, 3, 4, 5, 6, 7]
    assert len(page.charts.loss.traces["training"].xs) == 7 * demo_run.STEPS
    assert page.charts.plan.plan.current == 1
    assert page.figures.speed.value == "51"
    assert page.progress.activity == "Epoch 7 of 12"


def test_a_page_opened_late_tells_the_same_story(qtbot, make_page, session, run):
    early = make_page()
    follow(qtbot, session, run, list(demo_run.events(run, until=7)))
    late = make_page()
    assert late.charts.loss.traces == early.charts.loss.traces
    assert late.charts.rates.traces == early.charts.rates.traces
    assert late.progress.activity == early.progress.activity
    assert late.pause.isVisible()


def test_frozen_blocks_have_no_learning_rate_line_until_they_learn(qtbot, make_page, session, run):
    page = make_page()
    follow(qtbot, session, run, list(demo_run.events(run, until=5)))
    traces = page.charts.rates.traces
    assert traces["head"].xs[0] < 1
    assert traces["stem"].xs[0] > 4


def test_training_and_validation_keep_their_colours_when_the_head_is_solved_without_steps(
    qtbot, make_page, session, run
):
    page = make_page()
    solved = [event for event in demo_run.events(run, until=2) if not isinstance(event, BatchEnded)]
    follow(qtbot, session, run, solved)
    assert list(page.charts.loss.traces) == ["training", "validation"]


def test_when_done_the_next_step_is_the_results(qtbot, make_page, session, run):
    page = make_page()
    follow(qtbot, session, run, list(demo_run.events(run)), endless=False)
    assert page.results.isVisible()
    assert page.live.isVisible()
    assert not page.cancel.isVisible()
    assert "96.1 %" in page.notice.text
    with qtbot.waitSignal(session.page_wanted) as wanted:
        page.results.click()
    assert wanted.args == ["results"]


def test_pause_and_continue_are_one_button(qtbot, make_page, session, run):
    page = make_page()
    follow(qtbot, session, run, [*demo_run.events(run, until=2)])
    page.pause.click()
    assert RunFolder(run).control.wish == "pause"
    page._on_event(Paused())
    assert page.pause.text() == "Continue"
    assert page.progress.activity == "Paused"
    page.pause.click()
    assert RunFolder(run).control.wish == "continue"
    page._on_event(Continued())
    assert page.pause.text() == "Pause"


def test_stop_and_keep_the_best_asks_the_trainer(qtbot, make_page, session, run):
    page = make_page()
    follow(qtbot, session, run, [*demo_run.events(run, until=2)])
    page.keep.click()
    assert RunFolder(run).control.wish == "stop"
    assert not page.keep.isEnabled()


def test_cancel_ends_the_run_and_offers_to_resume(qtbot, make_page, session, run):
    page = make_page()
    page._safe = 0
    task = follow(qtbot, session, run, [*demo_run.events(run, until=3)])
    page._safe = 3
    page.cancel.click()
    qtbot.waitUntil(lambda: not session.training.running)
    assert task.stopped.is_set()
    assert page.notice.text.startswith("Cancelled. Everything up to epoch 3 is safe.")
    assert not page.pause.isVisible()


def test_a_failure_is_a_sentence_in_the_page(qtbot, make_page, session, run):
    page = make_page()
    failed = Failed(sentence="The loss is not a number any more.", next_step="Lower the learning rate.")
    follow(qtbot, session, run, [*demo_run.events(run, until=2), failed], endless=False)
    assert page.notice.text == "The loss is not a number any more. Lower the learning rate."
    assert not page.results.isVisible()


def test_a_stopped_run_shows_its_results_too(qtbot, make_page, session, run):
    page = make_page()
    ended = RunEnded(status="stopped", sentence="Stopped; the best is kept.", summary=demo_run.summary(run))
    follow(qtbot, session, run, [*demo_run.events(run, until=2), ended], endless=False)
    assert page.results.isVisible()


def test_a_second_run_starts_with_empty_curves(qtbot, make_page, session, run, tmp_path):
    page = make_page()
    follow(qtbot, session, run, list(demo_run.events(run)), endless=False)
    other = RunFolder.create(tmp_path / "second", Job()).path
    follow(qtbot, session, other, list(demo_run.events(other, until=1)))
    assert page.charts.accuracy.traces["validation"].xs == [1]


def test_a_resumed_run_recalls_what_was_before(qtbot, make_page, session, run):
    log = RunFolder(run).events
    for number, event in enumerate(demo_run.events(run, until=4)):
        log.append(event, number, 0.0)
    plan, started, *_ = demo_run.events(run)
    after = [event for event in demo_run.events(run) if isinstance(event, EpochEnded) and event.epoch == 5]
    assert isinstance(started, RunStarted)
    page = make_page()
    follow(qtbot, session, run, [plan, started.model_copy(update={"resumed_at": 4}), *after])
    assert page.charts.accuracy.traces["validation"].xs == [1, 2, 3, 4, 5]


def test_another_run_resumed_on_the_same_page_recalls_its_own_past(qtbot, make_page, session, run, tmp_path):
    page = make_page()
    follow(qtbot, session, run, list(demo_run.events(run)), endless=False)
    test_a_resumed_run_recalls_what_was_before(
        qtbot, lambda: page, session, RunFolder.create(tmp_path / "second", Job()).path
    )


def test_a_run_cancelled_before_the_page_was_opened_is_told_as_cancelled(qtbot, make_page, session, run):
    follow(qtbot, session, run, [*demo_run.events(run, until=3)])
    session.training.stop()
    qtbot.waitUntil(lambda: not session.training.running)
    page = make_page()
    assert page.notice.text.startswith("Cancelled")
    assert not page.pause.isVisible()


def test_the_same_run_resumed_goes_on_with_its_curves(qtbot, make_page, session, run):
    page = make_page()
    follow(qtbot, session, run, [*demo_run.events(run, until=3)])
    session.training.stop()
    qtbot.waitUntil(lambda: not session.training.running)
    _, started, *_ = demo_run.events(run)
    follow(qtbot, session, run, [started.model_copy(update={"resumed_at": 3})])
    assert page.charts.accuracy.traces["validation"].xs == [1, 2, 3]
    assert page.pause.isVisible()


def test_the_best_stays_in_sight_when_the_run_goes_on(make_page, run):
    figures, (begun, resumed) = make_page().figures, starts(run)
    figures.begin(begun)
    figures.add_epoch(next(event for event in demo_run.events(run) if isinstance(event, EpochEnded)))
    best = figures.best.value
    figures.begin(resumed)
    assert figures.best.value == best != "–"
    figures.begin(resumed.model_copy(update={"run": str(run.with_name("other"))}))
    assert figures.best.value == "–"


def starts(run: Path) -> tuple[RunStarted, RunStarted]:
    begun = next(event for event in demo_run.events(run) if isinstance(event, RunStarted))
    return begun, begun.model_copy(update={"resumed_at": 1})
