"""The map on the Results page: asked for, coloured, and a group of it put right."""

from pathlib import Path

import pytest

from finetuner.engine.dataset.corrections import Corrections, place_for
from finetuner.engine.events import Embedded, MappedImage
from finetuner.engine.job import Job
from finetuner.engine.requests import EmbedRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui import theme
from finetuner.gui.pages.results import ResultsPage
from finetuner.gui.preview.demo_answers import judge
from finetuner.gui.session import Session
from tests.gui.pages.finished_run import finished_run

ANSWERS = ("ants", "bees", "bees", "bees")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made = finished_run(tmp_path)
    judge(made)
    folder = RunFolder(made)
    Job().changed(data=tmp_path / "photos").save(folder.job_file)
    pins = [image.model_copy(update={"content": Path(image.path).stem}) for image in folder.pinned_images()]
    folder.pin_split(folder.classes, pins)
    return made


def drawn(run: Path, method: str, explained: float | None = None) -> Embedded:
    points = (
        MappedImage(
            path=image.path, label=image.label, answer=answer, probability=0.9, x=number, y=number % 2,
            split="train" if number == 3 else "val",
        )
        for number, (image, answer) in enumerate(zip(RunFolder(run).pinned_images(), ANSWERS, strict=True))
    )  # fmt: skip
    return Embedded(method=method, points=tuple(points), explained=explained)


@pytest.fixture
def page(qtbot, session: Session, run: Path, launcher, idle) -> ResultsPage:
    def close(page: ResultsPage) -> None:
        page.answers.grid.pictures.close()
        page.map.scatter.close_loader()

    session.set_run(run)
    made = ResultsPage(session)
    qtbot.addWidget(made, before_close_func=close)
    made.show()
    launcher.answers["embed"] = (drawn(run, "pca", 0.31), drawn(run, "t-sne"))
    made.map.draw.click()
    idle()
    return made


def test_it_asks_for_the_run_s_images(page: ResultsPage, launcher, run: Path) -> None:
    assert launcher.requests[-1] == EmbedRequest(run=run)
    assert len(page.map.scatter.dots) == 4
    assert "t-SNE" in page.map.words.text()
    page.map.show_map(drawn(run, "pca", 0.31))
    assert "31.0\u202f% of the variance" in page.map.words.text()


def test_dots_tell_class_answer_and_part(page: ResultsPage) -> None:
    dots = page.map.scatter.dots
    assert [dot.group for dot in dots] == [0, 0, 1, 1]
    assert [dot.strong for dot in dots] == [True, True, True, False]
    assert (dots[1].caption, dots[3].caption) == ("ants → bees, validation", "bees, training")


def test_they_are_coloured_by_right_and_wrong(page: ResultsPage) -> None:
    page.map.colour.setCurrentIndex(1)
    assert [dot.group for dot in page.map.scatter.dots] == [0, 1, 0, 0]
    assert page.map.scatter.groups == ("right", "wrong")
    assert theme.colours().bad in page.map.words.text()


def test_a_group_is_chosen_and_put_right_with_undo(page: ResultsPage, run: Path) -> None:
    page.map.scatter.choose([0, 1])
    assert page.answers.heading.text() == "On the map: 2"
    assert len(page.answers.selected()) == 2
    page.answers.fixing.menu.actions()[1].trigger()
    kept = Corrections.load(place_for(run.parent / "photos"))
    assert {kept.of(content).label for content in ("0", "1")} == {"bees"}
    assert [dot.group for dot in page.map.scatter.dots] == [1, 1, 1, 1]
    assert page.map.scatter.selected == {0, 1}
    page.answers.fixing.undo.click()
    assert [dot.group for dot in page.map.scatter.dots] == [0, 0, 1, 1]


def test_what_is_left_out_is_crossed_and_hard_is_kept(page: ResultsPage, run: Path) -> None:
    page.map.scatter.choose([2])
    page.answers.fixing.out.click()
    assert [dot.gone for dot in page.map.scatter.dots] == [False, False, True, False]
    page.map.scatter.choose([1])
    page.answers.fixing.hard.click()
    assert Corrections.load(place_for(run.parent / "photos")).of("1").hard


def test_a_dot_opens_its_image(page: ResultsPage, qtbot) -> None:
    page.map.scatter.opened.emit(1)
    assert page.map.viewer.isVisible()
    assert page.map.viewer.pictures[0].key == page.map.points[1].path
    page.map.viewer.close()


def test_another_run_has_no_map_yet(page: ResultsPage, session: Session, tmp_path: Path) -> None:
    session.set_run(None)
    assert page.map.scatter.dots == ()
