"""The Style tab: a picture in the manner of another."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFileDialog, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.events import Event, Failed, Progress, StyleTransferred
from finetuner.engine.explanations.keep import save, texts_of
from finetuner.engine.requests import StyleRequest
from finetuner.gui.pages.explanations import ExplanationsPage
from finetuner.gui.widgets.image_viewer import ImageViewer
from tests.gui.pages.answering import AnsweringLauncher

Rested = Callable[[], None]
NO_VGG = Failed(sentence="painted.safetensors holds no VGG's convolutions.", next_step="Give another.")
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
    """A painting and a network, chosen on the tab."""
    launcher.answers["style-transfer"] = painted
    rested()
    launcher.asked.clear()
    chosen = tmp_path / "painting.png"
    Image.new("RGB", (20, 20), "#0000ff").save(chosen)
    page.painting.manner.put(chosen)
    page.painting.options.choose_weights(tmp_path / "vgg.safetensors")
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
    assert request.weights == painting.with_name("vgg.safetensors")


def test_the_request_carries_strength_and_picture(
    page: ExplanationsPage, painting: Path, launcher: AnsweringLauncher, rested: Rested, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    Image.new("RGB", (9, 9)).save(other)
    page.painting.content.put(other)
    slider = page.painting.options.strength.slider
    slider.setValue(slider.maximum())
    page.painting.errand.go.click()
    rested()
    (request,) = launcher.asked
    assert (request.content, request.strength) == (other, 10)
    assert page.painting.options.strength.told.text() == "Strength 10, 1 is a balance"


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


def test_a_refusal_of_the_engine_stands_in_the_page(
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
    assert not page.painting.options.isEnabled()
    assert not page.painting.options.strength.slider.isEnabled()
    page.painting.errand.cancel.click()
    rested()
    assert launcher.tasks[-1].stopped.is_set()
    assert page.painting.painted is None
    assert page.painting.options.isEnabled()


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


def test_without_a_vgg_it_says_where_to_choose_one(
    page: ExplanationsPage, rested: Rested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested()
    page.painting.manner.put(tmp_path / "painting.png")
    page.tabs.setCurrentWidget(page.painting)
    page.show()
    hint = page.painting.result.hint
    assert "no VGG's weights are on this disk" in hint
    assert "Choose a VGG's weight file below" in hint
    assert "--" not in hint
    assert not page.painting.errand.go.isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "vgg.safetensors"), ""))
    page.painting.options.essential.editor("weights").findChild(QToolButton).click()
    assert page.painting.network == "vgg.safetensors"
    assert page.painting.errand.go.isEnabled()
    assert page.painting.result.hint == "Press Paint."


def test_a_vgg_on_this_disk_is_enough(
    page: ExplanationsPage, rested: Rested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested()
    entry = Entry("vgg16", "timm", "vgg16", "vgg", 138_000_000, 224, path=tmp_path / "vgg16.safetensors")
    monkeypatch.setattr(shelf, "on_disk_entries", lambda: [entry])
    page.painting.manner.put(tmp_path / "painting.png")
    page.tabs.setCurrentWidget(page.painting)
    page.show()
    assert page.painting.network == "vgg16"
    assert page.painting.errand.go.isEnabled()


def test_the_request_carries_what_the_form_says(
    page: ExplanationsPage, painting: Path, launcher: AnsweringLauncher, rested: Rested
) -> None:
    options = page.painting.options
    assert options.advanced.isHidden()
    options.more.click()
    assert not options.advanced.isHidden()
    for name, value in (("steps", 7), ("side", 96)):
        field = options.advanced.editor(name).field
        assert isinstance(field, QSpinBox)
        field.setValue(value)
    page.painting.errand.go.click()
    rested()
    (request,) = launcher.asked
    assert isinstance(request, StyleRequest)
    assert (request.method, request.steps, request.side, request.decoder) == ("gatys", 7, 96, None)


def test_adain_waits_for_its_decoder(
    page: ExplanationsPage, painting: Path, launcher: AnsweringLauncher, rested: Rested, tmp_path: Path
) -> None:
    options = page.painting.options
    box = options.essential.editor("method").field
    assert isinstance(box, QComboBox)
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    assert not model.item(1).isEnabled()
    assert "choose its decoder's weights" in options.essential.hint("method")
    options.change({"decoder": tmp_path / "decoder.safetensors"})
    assert model.item(1).isEnabled()
    assert "choose its decoder's weights" not in options.essential.hint("method")
    box.setCurrentIndex(1)
    assert options.strength.told.text() == "Strength 1, 1 is all of the style"
    options.strength.slider.setValue(options.strength.slider.minimum())
    page.painting.errand.go.click()
    rested()
    (request,) = launcher.asked
    assert isinstance(request, StyleRequest)
    assert (request.method, request.strength) == ("adain", 0)
    assert request.decoder == tmp_path / "decoder.safetensors"
    options.change({"decoder": None})
    assert (options.part.method, options.strength.value) == ("gatys", 1)
