"""The Thresholds tab: what is set is kept in the run folder, undone, and seen by whoever answers."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget

from finetuner.engine.evaluation.tables import read_judged, write_predictions
from finetuner.engine.evaluation.thresholds import operating_point
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.thresholds import Costs, Thresholds
from finetuner.gui.pages.results import ResultsPage
from finetuner.gui.preview.demo_answers import judge
from finetuner.gui.session import Session
from finetuner.gui.widgets.ticks import write_percent
from tests.gui.pages.finished_run import finished_run

TRUTH = (0, 0, 1, 1)
LOGITS = ((3.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, 4.0))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Four validation images; the one that is named wrongly is the least sure."""
    made = finished_run(tmp_path)
    judge(made)
    paths = [str(path) for path, _ in RunFolder(made).pinned("val")]
    write_predictions(made, paths, TRUTH, LOGITS, ("ants", "bees"))
    return made


@pytest.fixture
def page(qtbot, session: Session, run: Path) -> ResultsPage:
    session.set_run(run)
    made = ResultsPage(session)
    qtbot.addWidget(made, before_close_func=lambda page: page.answers.grid.pictures.close())
    made.show()
    made.findChild(QTabWidget).setCurrentWidget(made.thresholds.parentWidget())
    return made


def choose(page: ResultsPage, name: str, value: float, by_key: bool = False) -> None:
    page.thresholds.sliders[name].chosen.emit(value, by_key)


def test_each_class_has_a_slider_with_its_figures(page: ResultsPage, run: Path) -> None:
    panel = page.thresholds
    assert list(panel.sliders) == ["ants", "bees"]
    assert panel.sliders["bees"].figures == (
        "precision 66.7\u202f% (21–94), n = 3  ·  recall 100.0\u202f% (34–100), n = 2"
    )
    assert panel.share.value == write_percent(1)
    assert not (run / "thresholds.json").exists()


def test_a_threshold_is_kept_undone_and_done_again(page: ResultsPage, run: Path) -> None:
    panel = page.thresholds
    choose(page, "bees", 0.8)
    assert Thresholds.load(run).classes == {"bees": 0.8}
    point = operating_point(read_judged(run), np.array([0.0, 0.8]))
    assert (panel.share.value, panel.accuracy.value) == (write_percent(point.share), write_percent(point.accuracy))
    assert (point.answered, point.accuracy) == (3, 1.0)
    panel.undo.click()
    assert Thresholds.load(run) == Thresholds()
    assert panel.sliders["bees"].value() == 0
    panel.redo.click()
    assert Thresholds.load(run).classes == {"bees": 0.8}
    panel.reset.click()
    assert Thresholds.load(run) == Thresholds()
    panel.undo.click()
    assert Thresholds.load(run).classes == {"bees": 0.8}


def test_while_it_is_dragged_figures_follow_and_nothing_is_kept(page: ResultsPage, run: Path) -> None:
    page.thresholds.sliders["bees"].moved.emit(0.8)
    assert page.thresholds.share.value == write_percent(0.75)
    assert not (run / "thresholds.json").exists()


def test_a_held_key_is_one_step_and_two_drags_are_two(page: ResultsPage) -> None:
    for value in (0.5, 0.51, 0.52):
        choose(page, "bees", value, by_key=True)
    assert page.limits.stack.count() == 1
    choose(page, "bees", 0.6)
    choose(page, "bees", 0.7)
    assert page.limits.stack.count() == 3


def test_one_slider_for_all(page: ResultsPage, run: Path) -> None:
    page.thresholds.all.chosen.emit(0.9, False)
    assert Thresholds.load(run).classes == {"ants": 0.9, "bees": 0.9}
    choose(page, "ants", 0.5)
    assert page.thresholds.all.words() == "differs from class to class"


def test_costs_propose_thresholds(page: ResultsPage, run: Path) -> None:
    panel = page.thresholds
    assert panel.cost.isHidden()
    panel.by_cost.click()
    form = panel.costs
    form.wrong.setValue(5)
    assert form.model.setData(form.model.index(0, 1), "20")
    assert not form.model.setData(form.model.index(0, 1), "much")
    assert not form.model.setData(form.model.index(0, 1), "-3")
    assert form.model.index(0, 0).flags() == Qt.ItemFlag.NoItemFlags
    form.propose.click()
    kept = Thresholds.load(run)
    assert kept.costs == Costs(unsure=1, wrong=5, pairs={"ants": {"bees": 20}})
    assert kept.unsure("bees", 0.73)
    assert not panel.cost.isHidden()
    assert panel.cost.note == "an image; 5 without"
    assert panel.faces.currentIndex() == 0


def test_the_unsure_are_shown_as_images(page: ResultsPage) -> None:
    choose(page, "bees", 0.8)
    page.thresholds.unsure.click()
    assert page.answers.heading.text() == "Unsure: 1 images"
    (picture,) = page.answers.grid.pictures.pictures
    assert picture.caption == "ants → bees"


def test_undo_by_key_means_the_thresholds_while_the_keyboard_is_there(page: ResultsPage, qtbot, run: Path) -> None:
    choose(page, "bees", 0.8)
    page.labels.mark_hard([page.verdict.rows[0].source])
    slider = page.thresholds.sliders["bees"]
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert Thresholds.load(run) == Thresholds()
    qtbot.keyClick(slider, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert Thresholds.load(run).classes == {"bees": 0.8}


def test_another_run_has_its_own(page: ResultsPage, session: Session, tmp_path: Path) -> None:
    choose(page, "bees", 0.8)
    other = finished_run(tmp_path / "other")
    judge(other)
    session.set_run(other)
    assert page.limits.thresholds == Thresholds()
    assert page.limits.stack.count() == 0
    assert page.thresholds.sliders["bees"].value() == 0


def test_damaged_thresholds_are_told(qtbot, session: Session, run: Path) -> None:
    (run / "thresholds.json").write_text("{")
    session.set_run(run)
    page = ResultsPage(session)
    qtbot.addWidget(page, before_close_func=lambda page: page.answers.grid.pictures.close())
    page.limits.read()
    assert "cannot be read" in page.notice.text
    assert page.thresholds.sliders == {}


def test_a_disk_that_refuses_is_told(page: ResultsPage, run: Path) -> None:
    (run / "thresholds.json").mkdir()
    choose(page, "bees", 0.8)
    assert "could not be kept" in page.notice.text
    assert page.limits.thresholds.classes == {"bees": 0.8}
