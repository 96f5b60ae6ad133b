from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from finetuner.engine.evaluation.tables import write_predictions
from finetuner.engine.events import Failed
from finetuner.engine.requests import ResumeRequest
from finetuner.engine.run_store.pinned import PinnedImage
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.runs import describe
from finetuner.gui.pages.runs import RunsPage
from finetuner.gui.pages.runs.columns import write_start
from finetuner.gui.preview import demo_run


@pytest.fixture
def finished(session, tmp_path):
    """Three runs on the shelf; the path of the one that is finished with lp-ft."""
    session.runs.root = tmp_path / "runs"
    session.runs.root.mkdir()
    return demo_run.finished(session.runs.root, tmp_path / "insects")


@pytest.fixture
def page(qtbot, session, finished):
    made = RunsPage(session)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    with qtbot.waitSignal(session.runs.listed):
        made.entered()
    qtbot.waitUntil(lambda: not session.calls.busy)
    return made


def select(page, *names):
    page.select(lambda run: run.name in names)
    assert {run.name for run in page.selected} == set(names)


def test_every_run_has_its_figures(page):
    model = page.table.filter
    rows = {model.index(row, 0).data(): [model.index(row, c).data() for c in range(9)] for row in range(3)}
    assert rows["insects-lp-ft-2"][1:5] == ["Done", "96.1 %", "91.7\u202f–\u202f98.2\u202f%", "153"]
    assert rows["insects-lp-ft-2"][5:8] == ["lp-ft", "mobilenetv2_100", "12 / 12"]
    assert rows["insects-gradual"][3] != "–", "a run that has not ended has an interval, too"
    assert rows["insects-gradual"][1] == "Interrupted at epoch 7"


def test_the_year_is_told_of_a_run_of_another_year(session, finished):
    run = describe(finished)
    assert ":" in write_start(run)
    assert write_start(replace(run, started=datetime(2019, 3, 2, 12, 30))) == "02 Mar 2019"


def test_a_finished_run_is_opened(qtbot, session, page, finished):
    select(page, "insects-lp-ft-2")
    assert not page.resume.isEnabled()
    with qtbot.waitSignal(session.page_wanted) as wanted:
        page.open.click()
    assert wanted.args == ["results"]
    assert session.run == finished


def test_an_interrupted_run_is_resumed(qtbot, session, page, launcher, finished):
    select(page, "insects-gradual")
    assert page.resume.isEnabled()
    page.resume.click()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert launcher.requests == [ResumeRequest(run=finished.with_name("insects-gradual"))]


def test_two_runs_are_compared(page):
    select(page, "insects-lp-ft-2", "insects-gradual")
    assert list(page.comparison.curves.accuracy.traces) == ["A", "B"]
    assert not page.open.isEnabled()
    select(page, "insects-probe")
    assert list(page.comparison.curves.accuracy.traces) == [""]


def test_a_run_is_deleted_to_the_trash(qtbot, session, page, finished, monkeypatch):
    trashed = []
    monkeypatch.setattr("finetuner.engine.run_store.runs.send2trash.send2trash", trashed.append)
    select(page, "insects-probe")
    with qtbot.waitSignal(session.runs.listed):
        page.delete.click()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert trashed == [str(finished.with_name("insects-probe"))]


def test_a_run_that_trains_elsewhere_can_be_watched_but_not_deleted(qtbot, session, page, finished):
    run = RunFolder.open(finished)
    run.lock.acquire()
    with qtbot.waitSignal(session.runs.listed):
        session.runs.refresh()
    select(page, "insects-lp-ft-2")
    assert page.open.text() == "Watch"
    assert not page.delete.isEnabled()
    with qtbot.waitSignal(session.page_wanted) as wanted:
        page.open.click()
    assert wanted.args == ["training"]
    assert session.training.running
    session.training.stop()
    run.lock.release()
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_an_empty_shelf_teaches(qtbot, session, tmp_path):
    session.runs.root = tmp_path / "none"
    page = RunsPage(session)
    qtbot.addWidget(page)
    page.entered()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert page.empty is not None
    with qtbot.waitSignal(session.page_wanted) as wanted:
        page.empty.button.click()
    assert wanted.args == ["dataset"]


CLASSES = ("ants", "bees")


def answer(run, answers, place):
    """Give a run validation images and these answers to them; the truth is `ants` throughout."""
    images = [place / f"{number}.png" for number in range(len(answers))]
    RunFolder(run).pin_split(CLASSES, [PinnedImage(path=str(p), label="ants", split="val") for p in images])
    logits = np.eye(2)[["ab".index(letter) for letter in answers]] * 3
    write_predictions(run, [str(path) for path in images], [0] * len(answers), logits, CLASSES)


def compared(qtbot, session, page, answers_of_probe, answers_of_lp_ft, finished, tmp_path):
    """The page with both runs selected; the probe is the older one, and so A."""
    answer(finished.with_name("insects-probe"), answers_of_probe, tmp_path)
    answer(finished, answers_of_lp_ft, tmp_path)
    with qtbot.waitSignal(session.runs.compared):
        select(page, "insects-lp-ft-2", "insects-probe")
    qtbot.waitUntil(lambda: not session.calls.busy)
    return page.comparison


def test_of_two_runs_a_sentence_says_which_is_better(qtbot, session, page, finished, tmp_path):
    shown = compared(qtbot, session, page, "b" * 30, "a" * 30, finished, tmp_path)
    assert shown.verdict.text().startswith("B is better: 30 images only it gets right against 0")
    model = shown.classes.filter
    row = [model.index(0, column).data() for column in range(7)]
    assert (row[0], row[4], row[6]) == ("all classes", "+100.0", "B is better")
    assert model.rowCount() == 2


def test_the_images_whose_answer_changed_are_shown_and_open(qtbot, session, page, finished, tmp_path):
    shown = compared(qtbot, session, page, "abb", "baa", finished, tmp_path)
    assert [picture.key for picture in shown.changes.lost.grid.pictures.pictures] == [str(tmp_path / "0.png")]
    won = shown.changes.won.grid.pictures.pictures
    assert {picture.key for picture in won} == {str(tmp_path / "1.png"), str(tmp_path / "2.png")}
    assert won[0].caption == "ants → bees"
    assert "too few images to tell them apart" in shown.verdict.text()
    shown.changes.won.grid.clicked.emit(shown.changes.won.grid.pictures.index(1))
    assert shown.changes.won.viewer.isVisible()
    assert shown.changes.won.viewer.row == 1
    shown.changes.won.viewer.accept()
    for side in (shown.changes.lost, shown.changes.won):
        side.grid.pictures.close()


def test_runs_without_common_images_have_no_tabs_of_them(qtbot, session, page, finished, tmp_path):
    answer(finished, "ab", tmp_path)
    answer(finished.with_name("insects-probe"), "ab", tmp_path / "elsewhere")
    with qtbot.waitSignal(session.runs.compared):
        select(page, "insects-lp-ft-2", "insects-probe")
    assert "cannot be compared" in page.comparison.verdict.text()
    assert "No image was held out by both" in page.comparison.notes.text()
    assert not page.comparison.tabs.tabBar().isVisible()
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_a_run_without_answers_is_told_of(qtbot, session, page):
    with qtbot.waitSignal(session.runs.incomparable):
        select(page, "insects-lp-ft-2", "insects-gradual")
    assert "cannot be compared" in page.comparison.verdict.text()
    assert page.comparison.notes.isVisible()
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_trouble_with_two_runs_is_not_told_of_two_others(qtbot, session, page, finished):
    with qtbot.waitSignal(session.runs.incomparable):
        select(page, "insects-lp-ft-2", "insects-gradual")
    qtbot.waitUntil(lambda: not session.calls.busy)
    page.comparison.verdict.setText("A is better.")
    others = finished.with_name("a"), finished.with_name("b")
    session.runs.incomparable.emit(others, Failed(sentence="They are gone."))
    assert page.comparison.verdict.text() == "A is better."


def test_in_a_narrow_window_columns_give_way_to_the_names(page, qapp):
    def hidden():
        return {column.title for n, column in enumerate(page.table.model.columns) if page.table.table.isColumnHidden(n)}

    page.resize(1400, 700)
    qapp.processEvents()
    assert hidden() == set()
    page.resize(760, 700)
    qapp.processEvents()
    assert {"Epochs", "Backbone"} <= hidden() <= {"Epochs", "Backbone", "Started", "Strategy"}
    assert page.table.table.columnWidth(0) >= 180
    page.resize(1400, 700)
    qapp.processEvents()
    assert hidden() == set()


def test_in_a_narrow_window_the_curves_of_the_loss_give_way(page, qapp):
    select(page, "insects-lp-ft-2", "insects-probe")
    parts = page.comparison.curves
    for width, shown in ((1400, True), (760, False), (1400, True)):
        page.resize(width, 700)
        qapp.processEvents()
        assert parts.loss.isVisible() is shown
        assert parts.accuracy.isVisible()
