"""What is said of images on the Results page: kept, undone, and learned again."""

import csv
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from finetuner.engine.dataset.corrections import Corrections, place_for
from finetuner.engine.events import RunEnded, Suspect, SuspectsRanked
from finetuner.engine.job import Job
from finetuner.engine.run_store.pinned import PinnedImage
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui.pages.results import ResultsPage
from finetuner.gui.preview import demo_run
from finetuner.gui.preview.demo_answers import judge
from finetuner.gui.session import Session
from tests.gui.pages.finished_run import finished_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Four validation images, the second named wrongly; the run says which folder they came from."""
    made = finished_run(tmp_path)
    predictions = (made / "predictions.csv").read_bytes()
    judge(made)
    (made / "predictions.csv").write_bytes(predictions)
    folder = RunFolder(made)
    Job().changed(data=tmp_path / "photos").save(folder.job_file)
    pins = [image.model_copy(update={"content": Path(image.path).stem}) for image in folder.pinned_images()]
    folder.pin_split(folder.classes, pins)
    return made


@pytest.fixture
def page(qtbot, session: Session, run: Path) -> ResultsPage:
    session.set_run(run)
    made = ResultsPage(session)
    qtbot.addWidget(made, before_close_func=lambda page: page.answers.grid.pictures.close())
    made.show()
    return made


def photo(page: ResultsPage, number: int) -> str:
    return next(row.source for row in page.verdict.rows if Path(row.source).stem == str(number))


def choose(page: ResultsPage, *rows: int) -> None:
    for row in rows:
        page.answers.grid.selectionModel().select(
            page.answers.grid.pictures.index(row), QItemSelectionModel.SelectionFlag.Select
        )


def kept(run: Path) -> Corrections:
    return Corrections.load(place_for(run.parent / "photos"))


def test_nothing_can_be_said_while_nothing_is_selected(page: ResultsPage) -> None:
    assert not page.answers.fixing.out.isEnabled()
    choose(page, 0)
    assert page.answers.fixing.out.isEnabled()


def test_a_label_is_put_right_kept_and_taken_back(page: ResultsPage, run: Path) -> None:
    choose(page, 0)
    page.answers.fixing.menu.actions()[1].trigger()
    assert kept(run).of("1").label == "bees"
    picture = page.answers.grid.pictures.pictures[0]
    assert (picture.caption, picture.note, picture.flawed) == ("now bees", "corrected", False)
    assert [image.content for image in page.labels.pending] == ["1"]
    page.answers.fixing.undo.click()
    assert kept(run) == Corrections()
    assert page.answers.grid.pictures.pictures[0].flawed
    page.answers.fixing.redo.click()
    assert kept(run).of("1").label == "bees"


def test_number_keys_label_what_is_selected(qtbot, page: ResultsPage) -> None:
    page.activateWindow()
    choose(page, 0)
    page.answers.fixing._numbers[1].activated.emit()
    page.answers.fixing._numbers[8].activated.emit()  # there is no ninth class
    assert page.labels.said(photo(page, 1)).label == "bees"


def test_an_image_is_left_out_and_taken_in_again(page: ResultsPage) -> None:
    choose(page, 0)
    page.answers.fixing.out.click()
    assert page.answers.grid.pictures.pictures[0].dimmed
    page.answers.fixing.out.click()
    assert not page.labels.said(photo(page, 1)).excluded


def test_a_hard_image_is_no_mistake_to_be_learned(page: ResultsPage) -> None:
    choose(page, 0)
    page.answers.fixing.hard.click()
    assert page.answers.grid.pictures.pictures[0].note == "hard"
    assert page.labels.pending == []


def test_the_bar_says_what_the_model_does_not_know(page: ResultsPage) -> None:
    assert page.answers.fixing._below.isHidden()
    page.labels.relabel([photo(page, 1), photo(page, 2)], "bees")
    assert page.answers.fixing.summary.text().startswith("One correction")
    assert page.answers.fixing.again.isEnabled()


def test_the_next_training_of_these_images_knows(page: ResultsPage, session: Session, run: Path) -> None:
    session.change_job(data=run.parent / "photos")
    page.labels.relabel([photo(page, 1)], "bees")
    assert session.job.data.corrections == place_for(run.parent / "photos")


def test_doubts_are_shown_with_what_the_image_looks_like(page: ResultsPage, launcher, idle) -> None:
    def doubt(number: int, likely: bool) -> Suspect:
        return Suspect(
            path=photo(page, number), content=str(number), split="val", label="ants", suggested="bees",
            probability=0.93, margin=-0.86, likely=likely,
        )  # fmt: skip

    launcher.answers["suspects"] = (SuspectsRanked(images=4, suspects=(doubt(1, True), doubt(0, False))),)
    page.answers.doubts.click()
    idle()
    assert page.answers.heading.text() == "Likely wrong labels: 1"
    (picture,) = page.answers.grid.pictures.pictures
    assert (picture.caption, picture.note) == ("ants → bees", "93.0\u202f%")


def test_without_doubts_it_is_said_so(page: ResultsPage, launcher, idle) -> None:
    launcher.answers["suspects"] = (SuspectsRanked(images=4, suspects=()),)
    page.answers.doubts.click()
    idle()
    assert page.answers.heading.text() == "No label is in doubt"


def test_fitting_again_opens_the_new_run_beside_the_old_figures(
    page: ResultsPage, session: Session, launcher, idle, run: Path
) -> None:
    corrected = run.with_name(f"{run.name}-corrected-1")
    page.labels.relabel([photo(page, 1)], "bees")
    shutil.copytree(run, run.parent / "made")
    summary = demo_run.summary(corrected)
    launcher.answers["refit"] = (RunEnded(status="done", sentence="Done.", summary=summary),)
    (run.parent / "made").rename(corrected)
    shutil.rmtree(corrected / "checkpoints", ignore_errors=True)
    page.answers.fixing.again.click()
    idle()
    request = launcher.requests[-1]
    assert (request.run, request.corrections) == (run, place_for(run.parent / "photos"))
    assert session.run == corrected
    assert "Accuracy was" in page.notice.text
    page.notice.buttons[0].click()
    assert session.run == run


def test_the_corrected_list_is_a_manifest(page: ResultsPage, tmp_path: Path) -> None:
    page.labels.relabel([photo(page, 1)], "bees")
    page.repair.save_manifest(tmp_path / "corrected.csv")
    rows = list(csv.DictReader((tmp_path / "corrected.csv").read_text().splitlines()))
    assert [row["label"] for row in rows] == ["ants", "bees", "bees", "bees"]
    assert "corrected.csv" in page.notice.text


def test_a_disk_that_refuses_is_told(page: ResultsPage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    page.repair.save_manifest(tmp_path / "file" / "corrected.csv")
    assert "cannot be written" in page.notice.text


def test_images_of_another_folder_are_not_the_run_s_to_correct(page: ResultsPage) -> None:
    assert not page.labels.knows("elsewhere.png")
    page.labels.relabel(["elsewhere.png"], "bees")
    assert page.labels.stack.count() == 0


def test_a_run_without_content_sums_cannot_be_corrected(qtbot, session: Session, run: Path) -> None:
    folder = RunFolder(run)
    folder.pin_split(
        folder.classes, [PinnedImage(**image.model_dump(exclude={"content"})) for image in folder.pinned_images()]
    )
    session.set_run(run)
    page = ResultsPage(session)
    qtbot.addWidget(page, before_close_func=lambda page: page.answers.grid.pictures.close())
    assert page.answers.fixing.isHidden()


def test_keys_of_the_images_mean_nothing_in_a_table_beside_them(page: ResultsPage, run: Path, qtbot) -> None:
    choose(page, 0)
    page.activateWindow()
    qtbot.keyClick(page.matrix, Qt.Key.Key_2)
    assert page.labels.stack.count() == 0
    page.answers.grid.setFocus()
    qtbot.keyClick(page.answers.grid, Qt.Key.Key_2)
    assert kept(run).of("1").label == "bees"
