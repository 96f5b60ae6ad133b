"""The parts of the page: menus, looks, the gallery's filter, and what is saved."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.keep import texts_of
from finetuner.gui.pages.explanations import ExplanationsPage, words
from finetuner.gui.pages.explanations.cell import Cell

Rested = Callable[[], None]


def first(page: ExplanationsPage) -> Cell:
    return next(cell for _, cell in page.board.cells())


def test_the_menu_is_the_dict_of_methods(page: ExplanationsPage, rested: Rested) -> None:
    rested()
    assert set(page.methods.panel.boxes) == set(EXPLANATIONS)
    assert page.methods.methods == ["grad-cam"]
    assert page.methods.text().strip() == "Grad-CAM"


def test_several_methods_are_ticked_and_named(page: ExplanationsPage, rested: Rested) -> None:
    rested()
    page.methods.panel.boxes["saliency"].click()
    assert page.methods.methods == ["grad-cam", "saliency"]
    assert page.methods.text().strip() == "2 methods"
    assert page.methods.accessibleName() == "Methods: Grad-CAM, Saliency"
    assert page.board.methods == ["grad-cam", "saliency"]


def test_one_more_click_compares_three(qtbot: QtBot, page: ExplanationsPage, rested: Rested) -> None:
    rested()
    page.methods.open_panel()
    words_ = "Three that work differently"
    (button,) = [found for found in page.methods.panel.findChildren(QPushButton) if found.text() == words_]
    button.click()
    page.methods.panel.close()
    rested()
    assert len(page.board.methods) == 3
    assert all(cell.finding.explained is not None for _, cell in page.board.cells())


@pytest.mark.parametrize("method", EXPLANATIONS)
def test_every_method_says_what_its_picture_means(method: str) -> None:
    sentence = words.meaning(method, "bees", "conv_head")
    assert sentence != words.meaning("no such method", "bees", "conv_head")
    assert ("conv_head" in sentence) <= EXPLANATIONS[method].at_layer


def test_mistakes_come_first_and_may_be_left_out(page: ExplanationsPage, rested: Rested) -> None:
    rested()
    gallery, menu = page.shelf.gallery, page.shelf.filter
    assert [picture.caption for picture in gallery.pictures.pictures] == ["ants → bees", "ants", "bees", "bees"]
    assert [menu.itemText(row) for row in range(3)] == ["All  ·  4", "Wrong  ·  1", "Right  ·  3"]
    menu.setCurrentIndex(2)
    assert [picture.caption for picture in gallery.pictures.pictures] == ["ants", "bees", "bees"]
    assert page.board.photos == gallery.photos[:1]
    rested()
    assert first(page).finding.explained is not None


def test_the_map_alone_and_the_photo_alone(qtbot: QtBot, page: ExplanationsPage, rested: Rested) -> None:
    rested()
    pane = first(page).pane
    qtbot.waitUntil(lambda: not pane.overlay.isNull())
    assert pane.overlay.pixelColor(5, 5).name() == "#ff0000"
    page.look.views["map"].click()
    qtbot.waitUntil(lambda: pane.image.width() == 20)
    assert pane.image.pixelColor(5, 5).name() == "#0000ff"
    assert not page.look.strength.isEnabled()
    page.look.views["original"].click()
    assert (pane.image.width(), pane.overlay.isNull()) == (40, True)


def test_the_overlay_can_be_made_fainter(page: ExplanationsPage, rested: Rested) -> None:
    rested()
    page.look.strength.setValue(40)
    assert first(page).pane.opacity == pytest.approx(0.4)


def test_a_saved_picture_says_what_it_shows(
    page: ExplanationsPage, rested: Rested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested()
    target = tmp_path / "kept.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    first(page).save.click()
    rested()
    texts = texts_of(target)
    assert (texts["method"], texts["layer"], texts["class"]) == ("grad-cam", "conv_head", "bees")
    assert texts["model"] == "tiny, leaves-probe"
    assert "do not rely on it" in texts["trust"]
    assert "kept.png" in page.notice.text


def test_what_is_saved_is_what_is_looked_at(
    page: ExplanationsPage, rested: Rested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested()
    photo = page.board.photos[0].path
    page.look.strength.setValue(50)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "half.png"), ""))
    first(page).kept.emit()
    rested()
    with Image.open(photo) as before, Image.open(tmp_path / "half.png") as after:
        expected = Image.blend(before.convert("RGB"), Image.new("RGB", before.size, "red"), 0.5)
        assert after.tobytes() == expected.tobytes()


def test_all_are_saved_into_a_folder_and_replace_nothing(
    page: ExplanationsPage, rested: Rested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.methods.tick(["grad-cam", "cam", "saliency"])
    rested()
    stem, folder = page.board.photos[0].path.stem, tmp_path / "kept"
    folder.mkdir()
    (folder / f"{stem}.saliency.png").write_text("mine")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    page.save_all()
    rested()
    assert {path.name for path in folder.iterdir()} == {
        f"{stem}.grad-cam.png", f"{stem}.saliency.png", f"{stem}.saliency-2.png",
    }  # fmt: skip
    assert (folder / f"{stem}.saliency.png").read_text() == "mine"
    assert texts_of(folder / f"{stem}.saliency-2.png")["method"] == "saliency"


def test_a_disk_that_refuses_is_a_sentence(
    page: ExplanationsPage, rested: Rested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested()
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "file" / "a.png"), ""))
    first(page).kept.emit()
    rested()
    assert "cannot be written" in page.notice.text


def test_arrows_move_from_picture_to_picture(qtbot: QtBot, page: ExplanationsPage, rested: Rested) -> None:
    gallery = page.shelf.gallery
    gallery.selectionModel().select(gallery.pictures.index(1), QItemSelectionModel.SelectionFlag.Select)
    page.methods.tick(["grad-cam", "saliency"])
    rested()
    page.show()
    page.activateWindow()
    one, two = page.board.photos
    page.board.cell(one, "grad-cam").pane.setFocus()
    for key, frame in (
        (Qt.Key.Key_Right, page.board.cell(one, "saliency")),
        (Qt.Key.Key_Down, page.board.cell(two, "saliency")),
        (Qt.Key.Key_Left, page.board.cell(two, "grad-cam")),
        (Qt.Key.Key_Left, page.board.frames[two.path, ""]),
        (Qt.Key.Key_Left, page.board.frames[two.path, ""]),
    ):
        qtbot.keyClick(page.focusWidget(), key)
        assert frame.pane is page.focusWidget()


def test_the_meaning_is_that_of_the_picture_in_focus(page: ExplanationsPage, rested: Rested) -> None:
    page.methods.tick(["grad-cam", "saliency"])
    rested()
    page.board.entered.emit(0, 2)
    assert page.meaning.text() == words.meaning("saliency", "bees", "")
