"""The Style tab: a picture in the manner of another."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from finetuner.engine.events import Event, Failed, Progress, StyleTransferred
from finetuner.engine.explanations.keep import save, texts_of
from finetuner.engine.requests import StyleRequest
from finetuner.gui.pages.explanations import ExplanationsPage
from finetuner.gui.widgets.image_viewer import ImageViewer
from tests.gui.pages.answering import AnsweringLauncher

Rested = Callable[[], None]
NO_VGG = Failed(
    sentence="Style transfer looks through a VGG, and no VGG's weights are on this disk.",
    next_step="Download one with: finetuner backbones --download vgg19; or name a file with --weights.",
)
SAID = "The style came 40 times nearer."


def painted(request: StyleRequest) -> Iterator[Event]:
    """All of it green."""
    yield Progress(activity="Painting by gradients", done=7, total=200)
    path = save(Image.new("RGB", (40, 30), "#00ff00"), request.out, {"method": "style-transfer, gatys"})
    yield StyleTransferred(
        content=str(request.content), style=str(request.style), path=path, method="gatys", network="vgg19",
        seconds=1.0, sentence=SAID,
    )  # fmt: skip


@pytest.fixture
def painting(tmp_path: Path, page: ExplanationsPage, launcher: AnsweringLauncher, rested: Rested) -> Path:
    """A painting, chosen on the tab."""
    launcher.answers["style-transfer"] = painted
    rested()
    launcher.asked.clear()
    chosen = tmp_path / "painting.png"
    Image.new("RGB", (20, 20), "#0000ff").save(chosen)
    page.painting.manner.put(chosen)
    page.tabs.setCurrentWidget(page.painting)
    return chosen


def paint(qtbot: QtBot, page: ExplanationsPage, rested: Rested) -> None:
    page.painting.errand.go.click()
    rested()
    qtbot.waitUntil(lambda: not page.painting.result.image.isNull())


def test_it_paints_the_chosen_photo(
    page: ExplanationsPage, painting: Path, launcher: AnsweringLauncher, rested: Rested
) -> None:
    page.painting.errand.go.click()
    rested()
    (request,) = launcher.asked
    assert isinstance(request, StyleRequest)
    assert (request.content, request.style) == (page.shelf.gallery.photos[0].path, painting)
    assert request.strength == 1


def test_the_request_carries_strength_and_picture(
    page: ExplanationsPage, painting: Path, launcher: AnsweringLauncher, rested: Rested, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    Image.new("RGB", (9, 9)).save(other)
    page.painting.content.put(other)
    page.painting.slider.setValue(page.painting.slider.maximum())
    page.painting.errand.go.click()
    rested()
    (request,) = launcher.asked
    assert (request.content, request.strength) == (other, 10)
    assert page.painting.told.text() == "Strength 10, 1 is a balance"


def test_another_photo_on_the_board_takes_its_place_until_one_is_chosen(
    page: ExplanationsPage, rested: Rested, tmp_path: Path
) -> None:
    rested()
    gallery = page.shelf.gallery

    def choose(row: int) -> Path:
        gallery.clearSelection()
        gallery.selectionModel().select(gallery.pictures.index(row), QItemSelectionModel.SelectionFlag.Select)
        return gallery.photos[0].path

    second = choose(2)
    assert page.painting.content.path == second
    page.painting.content.put(tmp_path / "mine.png")
    choose(1)
    assert page.painting.content.path == tmp_path / "mine.png"
    rested()


def test_the_painted_picture_is_shown_with_its_sentence(
    qtbot: QtBot, page: ExplanationsPage, painting: Path, rested: Rested
) -> None:
    assert page.painting.save.isHidden()
    paint(qtbot, page, rested)
    assert page.painting.result.image.pixelColor(5, 5).name() == "#00ff00"
    assert page.painting.sentence.text() == SAID
    assert page.painting.result.accessibleDescription() == SAID
    assert not page.painting.save.isHidden()


def test_it_is_saved_with_what_it_says_of_itself(
    qtbot: QtBot,
    page: ExplanationsPage,
    painting: Path,
    rested: Rested,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paint(qtbot, page, rested)
    target = tmp_path / "kept.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.painting.save.click()
    rested()
    assert texts_of(target) == {"method": "style-transfer, gatys"}
    with Image.open(target) as kept:
        assert kept.convert("RGB").getpixel((5, 5)) == (0, 255, 0)
    assert "kept.png" in page.notice.text


def test_a_disk_that_refuses_is_a_sentence(
    qtbot: QtBot,
    page: ExplanationsPage,
    painting: Path,
    rested: Rested,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paint(qtbot, page, rested)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "file" / "a.png"), ""))
    page.painting.save.click()
    rested()
    assert "cannot be written" in page.notice.text


def test_it_opens_large_between_what_it_was_made_of(
    qtbot: QtBot, page: ExplanationsPage, painting: Path, rested: Rested
) -> None:
    paint(qtbot, page, rested)
    page.painting.result.opened.emit()
    (viewer,) = page.findChildren(ImageViewer)
    assert (viewer.row, len(viewer.pictures)) == (1, 3)
    viewer.close()


def test_without_a_vgg_the_page_says_what_to_do(
    page: ExplanationsPage, painting: Path, launcher: AnsweringLauncher, rested: Rested
) -> None:
    launcher.answers["style-transfer"] = lambda request: iter([NO_VGG])
    page.painting.errand.go.click()
    rested()
    assert page.notice.text == f"{NO_VGG.sentence} {NO_VGG.next_step}"
    assert page.painting.painted is None
    assert page.painting.save.isHidden()


def test_cancel_stops_it(page: ExplanationsPage, painting: Path, launcher: AnsweringLauncher, rested: Rested) -> None:
    launcher.hold()
    page.painting.errand.go.click()
    assert not page.painting.slider.isEnabled()
    page.painting.errand.cancel.click()
    rested()
    assert launcher.tasks[-1].stopped.is_set()
    assert page.painting.painted is None
    assert page.painting.slider.isEnabled()


def test_both_pictures_are_read_when_the_tab_is_shown(
    qtbot: QtBot, page: ExplanationsPage, painting: Path, rested: Rested
) -> None:
    assert page.painting.manner.pane.image.isNull()
    page.show()
    qtbot.waitUntil(lambda: not page.painting.manner.pane.image.isNull())
    qtbot.waitUntil(lambda: not page.painting.content.pane.image.isNull())
    assert page.painting.manner.pane.image.pixelColor(5, 5).name() == "#0000ff"


def test_a_file_that_is_no_image_says_so(
    qtbot: QtBot,
    page: ExplanationsPage,
    painting: Path,
    rested: Rested,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page.show()
    (tmp_path / "notes.png").write_text("no image")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "notes.png"), ""))
    page.painting.manner.button.click()
    qtbot.waitUntil(lambda: page.painting.manner.pane.hint == "This file cannot be read as an image.")
    assert page.painting.manner.pane.image.isNull()
