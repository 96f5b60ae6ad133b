from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from finetuner.engine.events import Event, Explained, Failed, Progress
from finetuner.engine.requests import ExplainRequest, JudgeRequest
from finetuner.gui.pages.explanations import ExplanationsPage
from finetuner.gui.pages.explanations.cell import Cell
from finetuner.gui.pages.explanations.photos import MOST
from finetuner.gui.session import Session
from finetuner.gui.widgets.image_viewer import ImageViewer
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.explanations.conftest import UNFIT, explained, run_with_weights
from tests.gui.pages.finished_run import finished_run

Rested = Callable[[], None]
Asked = Callable[[], list[ExplainRequest]]


def cells(page: ExplanationsPage) -> list[Cell]:
    return [cell for _, cell in page.board.cells()]


def choose(page: ExplanationsPage, *rows: int) -> None:
    gallery = page.shelf.gallery
    gallery.clearSelection()
    for row in rows:
        gallery.selectionModel().select(gallery.pictures.index(row), QItemSelectionModel.SelectionFlag.Select)


def test_without_a_run_it_says_what_to_do(qtbot: QtBot, session: Session) -> None:
    page = ExplanationsPage(session)
    qtbot.addWidget(page)
    for tab in (page.looking, page.concept):
        assert tab.empty is not None
        with qtbot.waitSignal(session.page_wanted) as wanted:
            tab.empty.button.click()
        assert wanted.args == ["dataset"]
    assert not any(button.isVisibleTo(page) for button in page._actions)


def test_style_needs_no_run(qtbot: QtBot, session: Session) -> None:
    page = ExplanationsPage(session)
    qtbot.addWidget(page)
    page.tabs.setCurrentWidget(page.painting)
    assert page.painting.options.isEnabled()
    assert not any(button.isVisibleTo(page) for button in page._actions)


def test_a_first_run_fills_the_empty_tabs(
    qtbot: QtBot, page: ExplanationsPage, session: Session, rested: Rested, tmp_path: Path
) -> None:
    session.set_run(None)
    assert page.looking.empty is not None
    session.set_run(run_with_weights(tmp_path / "later"))
    rested()
    assert page.looking.empty is None
    assert page.concept.empty is None
    assert len(cells(page)) == 1


def test_a_run_without_its_weights_is_told(
    qtbot: QtBot, session: Session, tmp_path: Path, launcher: AnsweringLauncher
) -> None:
    session.set_run(finished_run(tmp_path))
    page = ExplanationsPage(session)
    qtbot.addWidget(page)
    for tab in (page.looking, page.concept):
        assert tab.empty is not None
        with qtbot.waitSignal(session.page_wanted) as wanted:
            tab.empty.button.click()
        assert wanted.args == ["runs"]
    assert launcher.asked == []


def test_one_photo_and_grad_cam_are_shown_at_once(page: ExplanationsPage, rested: Rested, asked: Asked) -> None:
    rested()
    (request,) = asked()
    assert (request.image, request.method) == (page.shelf.gallery.photos[0].path, "grad-cam")
    assert (request.label, request.layer) == (None, None)
    (cell,) = cells(page)
    assert cell.caption.text() == "Grad-CAM"
    assert cell.sentence.text().startswith("bees  90.0 %  ·  conv_head")
    assert "conv_head" in page.meaning.text()


def test_many_cells_fill_the_quickest_first(page: ExplanationsPage, rested: Rested, asked: Asked) -> None:
    rested()
    choose(page, 1, 2, 3)
    page.methods.tick(["grad-cam", "rise", "saliency", "occlusion"])
    rested()
    assert [len(page.board.photos), len(page.board.methods)] == [3, 4]
    assert all(cell.finding.explained is not None for cell in cells(page))
    order = [request.method for request in asked() if request.method != "grad-cam"]
    assert order == ["saliency"] * 3 + ["occlusion"] * 3 + ["rise"] * 3


def test_verdicts_come_after_the_pictures(page: ExplanationsPage, rested: Rested, launcher: AnsweringLauncher) -> None:
    rested()
    launcher.asked.clear()
    page.methods.tick(["saliency", "rise"])
    rested()
    assert [request.task for request in launcher.asked] == ["explain", "explain", "judge", "judge"]
    said = cells(page)[0].sentence.text()
    assert "This map barely changes: do not rely on it." in said
    assert "Deletion 0.20 (chance 0.40), insertion 0.70 (chance 0.50), likeness after randomising 0.75." in said
    assert cells(page)[0].sentence.property("role") == "caution"
    assert cells(page)[0].pane.accessibleDescription() == said


def test_a_verdict_is_asked_for_with_the_map_that_was_kept(
    page: ExplanationsPage, rested: Rested, launcher: AnsweringLauncher, asked: Asked
) -> None:
    rested()
    (judging,) = [request for request in launcher.asked if isinstance(request, JudgeRequest)]
    assert judging.map == asked()[0].map
    assert (judging.label, judging.layer) == ("bees", "conv_head")


def test_a_picture_of_its_own_is_not_judged(
    page: ExplanationsPage, rested: Rested, launcher: AnsweringLauncher
) -> None:
    rested()
    page.methods.tick(["feature-maps"])
    rested()
    assert launcher.asked[-1].task == "explain"


def test_a_method_that_does_not_fit_says_why(page: ExplanationsPage, rested: Rested) -> None:
    rested()
    page.methods.tick([UNFIT, "grad-cam"])
    rested()
    fits, unfit = cells(page)
    assert fits.finding.explained is not None
    assert unfit.sentence.text() == "CAM needs a head that sees an average. Take Grad-CAM."
    assert unfit.pane.image.isNull()
    assert unfit.pane.accessibleDescription() == unfit.sentence.text()
    assert unfit.save.isHidden()


def test_what_was_made_is_not_made_again(page: ExplanationsPage, rested: Rested, asked: Asked) -> None:
    rested()
    choose(page, 1)
    rested()
    choose(page, 0)
    page.classes.setCurrentText("ants")
    rested()
    page.classes.setCurrentIndex(0)
    rested()
    made = [(request.image.name, request.label) for request in asked()]
    assert len(made) == len(set(made)) == 3
    assert cells(page)[0].finding.trust is not None


def test_the_same_content_under_another_name_is_known(
    page: ExplanationsPage, rested: Rested, asked: Asked, tmp_path: Path
) -> None:
    rested()
    copy = tmp_path / "copy.png"
    copy.write_bytes(page.board.photos[0].path.read_bytes())
    page.explain([copy])
    rested()
    assert page.board.photos[0].path == copy
    assert cells(page)[0].finding.explained is not None
    assert len(asked()) == 1


def test_another_layer_is_asked_only_where_a_method_looks_at_one(
    page: ExplanationsPage, rested: Rested, asked: Asked
) -> None:
    page.methods.tick(["grad-cam", "saliency"])
    rested()
    assert page.layers.currentText() == "Usual layer, conv_head"
    page.layers.setCurrentIndex(page.layers.findData("blocks.1"))
    rested()
    assert [(request.method, request.layer) for request in asked()[-2:]] == [
        ("saliency", None),
        ("grad-cam", "blocks.1"),
    ]
    assert len(asked()) == 3


def test_the_true_class_is_each_photos_own(
    page: ExplanationsPage, rested: Rested, asked: Asked, tmp_path: Path
) -> None:
    rested()
    stranger = tmp_path / "stranger.png"
    Image.new("RGB", (9, 9), "green").save(stranger)
    page.explain([stranger])
    choose(page, 0, 1, 4)
    rested()
    before = len(asked())
    page.classes.setCurrentIndex(1)
    rested()
    assert [request.label for request in asked()[before:]] == ["ants", "bees"]
    assert "true class of this image is not known" in cells(page)[0].sentence.text()


def test_cancel_keeps_what_is_there_and_may_go_on(
    qtbot: QtBot, page: ExplanationsPage, rested: Rested, launcher: AnsweringLauncher, asked: Asked
) -> None:
    rested()
    launcher.hold()
    page.methods.tick(["grad-cam", "rise", "occlusion"])
    assert not page.status.cancel.isHidden()
    page.status.cancel.click()
    rested()
    first, *others = cells(page)
    assert first.finding.explained is not None
    assert [cell.pane.hint for cell in others] == ["Cancelled", "Cancelled"]
    assert len(asked()) == 2
    page.status.resume.click()
    rested()
    assert all(cell.finding.explained is not None for cell in cells(page))
    assert page.status.resume.isHidden()


def test_a_cell_tells_how_far_it_is(
    qtbot: QtBot, page: ExplanationsPage, rested: Rested, launcher: AnsweringLauncher
) -> None:
    rested()
    reached = list[str]()

    def telling(request: ExplainRequest) -> Iterator[Event]:
        yield Progress(activity="Explaining", done=3, total=8)
        launcher.hold()
        yield from explained(request)

    launcher.answers["explain"] = telling
    page.methods.tick(["rise"])
    (cell,) = cells(page)
    qtbot.waitUntil(lambda: cell.progress.figures_text == "3 of 8")
    assert cell.pane.hint == "Waiting"
    reached.append(cell.progress.activity)
    launcher.release()
    rested()
    assert reached == ["Working"]
    assert cell.progress.isHidden()


def test_what_is_no_longer_wanted_is_left(
    page: ExplanationsPage, rested: Rested, launcher: AnsweringLauncher, asked: Asked
) -> None:
    rested()
    launcher.hold()
    page.methods.tick(["rise"])
    page.methods.tick(["saliency"])
    rested()
    assert launcher.tasks[-3].stopped.is_set()
    assert [request.method for request in asked()] == ["grad-cam", "rise", "saliency"]
    assert cells(page)[0].finding.explained is not None


def test_an_engine_that_says_nothing_is_not_asked_for_ever(
    page: ExplanationsPage, rested: Rested, launcher: AnsweringLauncher, asked: Asked
) -> None:
    rested()
    launcher.answers["explain"] = lambda request: iter(())
    page.methods.tick(["rise"])
    rested()
    assert cells(page)[0].sentence.text() == "The engine ended without an answer."
    assert len(asked()) == 2


def test_a_refusal_is_tried_again_when_it_is_wished_for_anew(
    page: ExplanationsPage, rested: Rested, launcher: AnsweringLauncher
) -> None:
    rested()
    launcher.answers["explain"] = lambda request: iter([Failed(sentence="Memory ran out.")])
    page.methods.tick(["rise"])
    rested()
    launcher.answers["explain"] = explained
    page.methods.tick(["grad-cam"])
    page.methods.tick(["rise"])
    rested()
    assert cells(page)[0].finding.explained is not None


def test_a_file_that_is_no_image_says_so(page: ExplanationsPage, rested: Rested, asked: Asked, tmp_path: Path) -> None:
    rested()
    (tmp_path / "notes.png").write_text("no image")
    page.explain([tmp_path / "notes.png"])
    rested()
    assert cells(page)[0].sentence.text() == "This file cannot be read as an image."
    assert len(asked()) == 1


def test_a_folder_can_be_dropped(page: ExplanationsPage, rested: Rested, tmp_path: Path) -> None:
    rested()
    folder = tmp_path / "more"
    folder.mkdir()
    for number in range(MOST + 2):
        Image.new("RGB", (8, 8), (number, 0, 0)).save(folder / f"{number:02}.png")
    (folder / "notes.txt").write_text("no image")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    entering = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.dragEnterEvent(entering)
    assert entering.isAccepted()
    page.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    rested()
    assert [photo.path.name for photo in page.board.photos] == [f"{number:02}.png" for number in range(MOST)]
    assert str(MOST + 2) in page.notice.text


def test_an_empty_folder_is_a_sentence(page: ExplanationsPage, rested: Rested, tmp_path: Path) -> None:
    rested()
    (tmp_path / "empty").mkdir()
    page.explain([tmp_path / "empty"])
    assert "no images in this folder" in page.notice.text


def test_files_come_from_the_dialog(
    page: ExplanationsPage, rested: Rested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested()
    places = [tmp_path / "a.png", tmp_path / "b.png"]
    for number, place in enumerate(places):
        Image.new("RGB", (9, 9), (number, 9, 9)).save(place)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(place) for place in places], ""))
    page.choose_images()
    rested()
    assert [photo.path for photo in page.board.photos] == places
    assert all(cell.finding.explained is not None for cell in cells(page))


def test_a_picture_opens_large_with_its_neighbours(qtbot: QtBot, page: ExplanationsPage, rested: Rested) -> None:
    page.methods.tick(["grad-cam", UNFIT, "saliency"])
    rested()
    last = cells(page)[-1]
    qtbot.waitUntil(lambda: not last.pane.image.isNull())
    last.pane.opened.emit()
    (viewer,) = page.findChildren(ImageViewer)
    assert (viewer.row, len(viewer.pictures)) == (2, 3)
    assert "Saliency" in viewer.caption.text()
    viewer.close()


def test_another_run_is_asked_anew(
    page: ExplanationsPage, rested: Rested, session: Session, asked: Asked, tmp_path: Path
) -> None:
    rested()
    other = run_with_weights(tmp_path / "other")
    session.set_run(other)
    rested()
    assert asked()[-1].run == other
    assert isinstance(cells(page)[0].finding.explained, Explained)
