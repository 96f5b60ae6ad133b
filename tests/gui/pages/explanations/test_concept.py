"""The Concept tab: two folders in, one line for each class out."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from finetuner.engine.events import ConceptScore, ConceptTested, Event, Failed, LayerRow, Notice, Progress
from finetuner.engine.requests import ConceptRequest
from finetuner.gui import theme
from finetuner.gui.pages.explanations import ExplanationsPage
from finetuner.gui.pages.explanations.score_line import ScoreBar
from finetuner.gui.pages.explanations.well import Well
from finetuner.gui.session import Session
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.explanations.conftest import run_with_weights

Rested = Callable[[], None]
UNCLEAR = "No sign that stripes matters for ants: not to be told from random images (48% of its images, p = 1.00)."
FOR = "stripes speaks for bees: 86% of its images, p = 0.003."
TOO_FEW = Failed(
    sentence="There are 3 images of the concept in stripes, too few to tell it by.",
    next_step="Give at least 10, better 30 or more.",
)


def score(label: str, share: float, speaks: str, sentence: str) -> ConceptScore:
    return ConceptScore.model_validate(
        {
            "label": label, "images": 20, "score": share, "by_chance": 0.5, "p_value": 0.5,
            "speaks": speaks, "sentence": sentence,
        }
    )  # fmt: skip


def answered(request: ConceptRequest) -> Iterator[Event]:
    """One class that the concept speaks for, after one of which it says nothing."""
    yield Progress(activity="Looking at bees", done=3, total=20)
    yield ConceptTested(
        concept="stripes", layer=request.layer or "blocks.1", draws=20, concept_images=30, random_images=60,
        accuracy=0.96, scores=(score("ants", 0.48, "unclear", UNCLEAR), score("bees", 0.86, "for", FOR)), seconds=4.0,
    )  # fmt: skip


@pytest.fixture
def folders(tmp_path: Path, page: ExplanationsPage, launcher: AnsweringLauncher, rested: Rested) -> tuple[Path, Path]:
    """Two folders, chosen on the tab."""
    launcher.answers["concept"] = answered
    rested()
    launcher.asked.clear()
    found = tmp_path / "stripes", tmp_path / "others"
    for folder, well in zip(found, (page.concept.shown, page.concept.others), strict=True):
        folder.mkdir()
        well.put(folder)
    page.tabs.setCurrentWidget(page.concept)
    return found


def drop(well: Well, *paths: Path) -> bool:
    """Whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(5, 5), *how)
    entering.ignore()
    well.dragEnterEvent(entering)
    well.dropEvent(QDropEvent(QPointF(5, 5), *how))
    return entering.isAccepted()


def test_photos_are_shown_first(page: ExplanationsPage, rested: Rested) -> None:
    rested()
    assert [page.tabs.tabText(tab) for tab in range(3)] == ["Photos", "Concept", "Style"]
    assert page.tabs.currentIndex() == 0


def test_it_asks_for_both_folders_first(page: ExplanationsPage, rested: Rested, tmp_path: Path) -> None:
    rested()
    assert not page.concept.errand.go.isEnabled()
    page.concept.shown.put(tmp_path)
    assert not page.concept.errand.go.isEnabled()
    page.concept.others.put(tmp_path / "photos")
    assert page.concept.errand.go.isEnabled()


def test_the_request_carries_what_was_chosen(
    page: ExplanationsPage, folders: tuple[Path, Path], launcher: AnsweringLauncher, rested: Rested, session: Session
) -> None:
    page.concept.layers.setCurrentIndex(page.concept.layers.findData("conv_head"))
    page.concept.errand.go.click()
    rested()
    (request,) = launcher.asked
    assert isinstance(request, ConceptRequest)
    assert (request.run, request.concept, request.random) == (session.run, *folders)
    assert (request.layer, request.label) == ("conv_head", None)


def test_each_class_has_a_line_with_its_sentence(
    page: ExplanationsPage, folders: tuple[Path, Path], rested: Rested
) -> None:
    page.concept.errand.go.click()
    rested()
    assert [line.sentence.text() for line in page.concept.lines] == [FOR, UNCLEAR]
    assert page.concept.lines[0].bar.accessibleDescription() == "86%, by chance 50%"
    assert page.concept.figures.text() == (
        "At blocks.1, which tells stripes from the other images in 96% of held-out cases;"
        " 30 images against 60, 20 draws."
    )
    assert page.concept.errand.line.isHidden()


def test_too_few_images_are_a_sentence(
    page: ExplanationsPage, folders: tuple[Path, Path], launcher: AnsweringLauncher, rested: Rested
) -> None:
    page.concept.errand.go.click()
    rested()
    launcher.answers["concept"] = lambda request: iter([TOO_FEW])
    page.concept.errand.go.click()
    rested()
    assert page.notice.text == f"{TOO_FEW.sentence} {TOO_FEW.next_step}"
    assert page.concept.lines == []
    assert page.concept.figures.text() == ""


def test_a_notice_is_told_beside_the_answer(
    page: ExplanationsPage, folders: tuple[Path, Path], launcher: AnsweringLauncher, rested: Rested
) -> None:
    told = Notice(sentence="Every image gives the same sign.", next_step="An earlier layer tells more.")
    launcher.answers["concept"] = lambda request: iter([told, *answered(request)])
    page.concept.errand.go.click()
    rested()
    assert page.notice.text == "Every image gives the same sign. An earlier layer tells more."
    assert len(page.concept.lines) == 2


def test_an_engine_that_says_nothing_is_told(
    page: ExplanationsPage, folders: tuple[Path, Path], launcher: AnsweringLauncher, rested: Rested
) -> None:
    launcher.answers["concept"] = lambda request: iter(())
    page.concept.errand.go.click()
    rested()
    assert "ended without an answer" in page.notice.text


def test_cancel_stops_it(
    page: ExplanationsPage, folders: tuple[Path, Path], launcher: AnsweringLauncher, rested: Rested
) -> None:
    errand = page.concept.errand
    launcher.hold()
    errand.go.click()
    assert (errand.go.isHidden(), errand.cancel.isHidden(), errand.line.isHidden()) == (True, False, False)
    assert not page.concept.shown.isEnabled()
    errand.cancel.click()
    rested()
    assert launcher.tasks[-1].stopped.is_set()
    assert page.concept.lines == []
    assert page.notice.text == ""
    assert (errand.go.isHidden(), errand.cancel.isHidden(), errand.line.isHidden()) == (False, True, True)


def test_progress_is_shown(
    qtbot: QtBot, page: ExplanationsPage, folders: tuple[Path, Path], launcher: AnsweringLauncher, rested: Rested
) -> None:
    def telling(request: ConceptRequest) -> Iterator[Event]:
        progress, answer = answered(request)
        yield progress
        launcher.hold()
        yield answer

    launcher.answers["concept"] = telling
    page.concept.errand.go.click()
    line = page.concept.errand.line
    qtbot.waitUntil(lambda: (line.activity, line.figures_text) == ("Looking at bees", "3 of 20"))
    launcher.release()
    rested()
    assert len(page.concept.lines) == 2


def test_another_run_leaves_the_answer_behind(
    page: ExplanationsPage, folders: tuple[Path, Path], session: Session, rested: Rested, tmp_path: Path
) -> None:
    page.concept.errand.go.click()
    rested()
    session.set_run(run_with_weights(tmp_path / "other"))
    rested()
    assert page.concept.lines == []


def test_a_folder_may_be_dropped_and_a_file_may_not(page: ExplanationsPage, rested: Rested, tmp_path: Path) -> None:
    rested()
    well, folder, file = page.concept.shown, tmp_path / "photos", tmp_path / "photos" / "0.png"
    assert not drop(well, file)
    assert not drop(well, folder, folder)
    assert well.path is None
    assert drop(well, folder)
    assert well.path == folder
    assert well.name.text() == "photos"


def test_a_folder_comes_from_the_dialog(
    page: ExplanationsPage, rested: Rested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "photos"))
    page.concept.others.button.click()
    assert page.concept.others.path == tmp_path / "photos"


def test_what_belongs_to_the_photos_is_shown_with_them(
    page: ExplanationsPage, folders: tuple[Path, Path], rested: Rested
) -> None:
    buttons = page._actions
    page.tell("Something.")
    assert all(button.isHidden() for button in buttons)
    page.tabs.setCurrentIndex(0)
    assert not any(button.isHidden() for button in buttons)
    assert page.notice.text == ""


def test_its_layers_are_the_runs(page: ExplanationsPage, rested: Rested) -> None:
    rested()
    page.concept.offer_layers([LayerRow(name="blocks.1", side=28)])
    assert page.concept.layers.layer is None
    assert page.concept.layers.findData("blocks.1") > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bar_ends_at_the_score_and_the_line_stands_at_chance(qtbot: QtBot, qapp: object, scheme: str) -> None:
    theme.apply(qapp, scheme)
    bar = ScoreBar(score("bees", 0.8, "for", FOR))
    qtbot.addWidget(bar)
    bar.resize(200, 24)
    image = bar.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert image.pixelColor(40, 12).name() == theme.colour("accent").name()
    assert image.pixelColor(190, 12).name() == theme.colour("line").name()
    assert image.pixelColor(round(bar.chance_at()), 2).name() == theme.colour("text").name()
    theme.apply(qapp, "light")
