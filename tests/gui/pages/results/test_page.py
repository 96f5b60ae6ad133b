from pathlib import Path

import pytest

from finetuner.engine.evaluation.tables import write_metrics
from finetuner.engine.events import EvaluationEnded, PredictionRow, ScanProblem, Scores
from finetuner.gui import theme
from finetuner.gui.pages.results import ResultsPage
from finetuner.gui.preview.demo_answers import judge
from finetuner.gui.session import Session
from tests.gui.pages.finished_run import finished_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made = finished_run(tmp_path)
    predictions = (made / "predictions.csv").read_bytes()
    judge(made)
    (made / "predictions.csv").write_bytes(predictions)
    write_metrics(made, scores())
    return made


def scores() -> Scores:
    per_class = (
        {"name": "ants", "precision": 1.0, "recall": 0.5, "f1": 0.667, "support": 2},
        {"name": "bees", "precision": 0.667, "recall": 1.0, "f1": 0.8, "support": 2},
    )
    return Scores(
        n=4, accuracy=0.75, accuracy_interval=(0.3, 0.95), loss=0.4, classes=("ants", "bees"),
        confusion=((1, 1), (0, 2)), per_class=per_class,
    )  # fmt: skip


@pytest.fixture
def page(qtbot, session: Session, run: Path) -> ResultsPage:
    session.set_run(run)
    made = ResultsPage(session)
    qtbot.addWidget(made, before_close_func=lambda page: page.answers.grid.pictures.close())
    made.show()
    return made


def shown(page: ResultsPage) -> list[str]:
    return [Path(picture.key).stem for picture in page.answers.grid.pictures.pictures]


def test_accuracy_comes_with_its_interval_and_n(page):
    assert page.headline.accuracy.value == "75.0\u202f%"
    assert "30.0\u202f–\u202f95.0\u202f%, n = 4" in page.headline.accuracy.note
    assert (page.headline.images.note, page.headline.weakest.value) == ("1 answered wrongly", "ants")


def test_four_images_are_too_few_to_tell(page):
    assert "too few images to tell" in page.headline.accuracy.note
    assert "too few images to tell" in page.headline.weakest.note
    model = page.classes.filter
    assert "too few" in model.index(0, 4).data()


def test_the_mistakes_stand_beside_the_matrix(page):
    assert shown(page) == ["1"]
    assert page.answers.grid.pictures.pictures[0].caption == "ants → bees"
    assert page.answers.grid.pictures.pictures[0].flawed


def test_a_cell_opens_its_images_and_there_is_a_way_back(page):
    page.matrix.opened.emit(1, 1)
    assert sorted(shown(page)) == ["2", "3"]
    assert page.answers.heading.text() == "bees: 2 of 2 (100.0\u202f%) recognised"
    page.answers.back.click()
    assert shown(page) == ["1"]


def test_a_class_opens_its_images(page):
    page.classes.activated.emit(page.verdict.scores.per_class[0])
    assert sorted(shown(page)) == ["0", "1"]


def test_the_table_sorts_classes_by_number(page):
    page.classes.table.sortByColumn(2, page.classes.table.horizontalHeader().sortIndicatorOrder().AscendingOrder)
    assert page.classes.filter.index(0, 0).data() == "ants"


def test_another_folder_is_scored_and_left_again(qtbot, page, session, launcher, idle, tmp_path):
    rows = (PredictionRow(source="x.png", label="bees", probability=0.9, truth="bees"),)
    other = scores().model_copy(update={"n": 1, "accuracy": 1.0})
    skipped = (ScanProblem(path="y.png", reason="It is empty."),)
    launcher.answers["evaluate"] = (EvaluationEnded(folder=str(tmp_path), scores=other, rows=rows, skipped=skipped),)
    page.asking.score(tmp_path)
    idle()
    assert launcher.requests[-1].data == tmp_path
    assert page.headline.accuracy.value == "100.0\u202f%"
    assert "y.png: It is empty." in page.notice.text
    assert page.answers.heading.text() == "No mistakes on these images"
    page._show_run(session.run)
    assert page.headline.accuracy.value == "75.0\u202f%"


def test_without_a_run_the_page_teaches(qtbot, session):
    page = ResultsPage(session)
    qtbot.addWidget(page)
    page.show()
    assert page._stack.currentIndex() == 1
    assert not any(button.isVisible() for button in page._actions)


def test_damaged_figures_are_told(qtbot, session, run):
    (run / "metrics.json").write_text("{")
    session.set_run(run)
    page = ResultsPage(session)
    qtbot.addWidget(page)
    assert "cannot be read" in page.notice.text


def test_the_page_follows_the_run(qtbot, session, run):
    page = ResultsPage(session)
    qtbot.addWidget(page, before_close_func=lambda page: page.answers.grid.pictures.close())
    session.set_run(run)
    assert page.verdict is not None
    assert page.verdict.scores.n == 4


def test_a_missing_report_is_told(page, run):
    (run / "report.html").unlink()
    page._open_report()
    assert "report cannot be opened" in page.notice.text


@pytest.fixture
def dressed(qapp):
    """As in the app: the theme is there before the page is."""
    theme.apply(qapp, "light")


def test_every_tab_is_in_sight_in_the_smallest_comfortable_window(dressed, page, qapp):
    page.resize(1080, 720)
    page.answers.setMinimumWidth(442)
    qapp.processEvents()
    assert page.answers.width() == 442
    assert page.tabs.tabBar().sizeHint().width() <= page.tabs.width()
