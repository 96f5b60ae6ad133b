from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from finetuner.engine.events import Event, Explained, Failed, Progress
from finetuner.engine.explanations import EXPLANATIONS, GROUPS
from finetuner.engine.requests import ExplainRequest
from finetuner.gui.pages.explanations import ExplanationsPage, words
from finetuner.gui.session import Session
from finetuner.gui.widgets.image_viewer import ImageViewer
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.finished_run import finished_run

Idle = Callable[[], None]


def explained(request: ExplainRequest) -> Iterator[Event]:
    yield Progress(activity="Looking", done=0)
    Image.new("RGB", (40, 30), "red").save(request.out)
    yield Explained(
        image=str(request.image), method=request.method, layer="conv_head", label=request.label or "bees",
        probability=0.9, overlay=str(request.out), heat=str(request.out), seconds=0.1,
    )  # fmt: skip


def refused(request: ExplainRequest) -> Iterator[Event]:
    yield Failed(sentence="The image 1.png is cut short.", next_step="Choose another.")


@pytest.fixture
def launcher() -> AnsweringLauncher:
    return AnsweringLauncher(explain=explained)


@pytest.fixture
def page(qtbot: QtBot, session: Session, tmp_path: Path) -> Iterator[ExplanationsPage]:
    session.set_run(finished_run(tmp_path))
    made = ExplanationsPage(session)
    qtbot.addWidget(made)
    yield made
    session.calls.close()
    made.gallery.pictures.close()
    made.comparison.close_loader()


def test_without_a_run_it_says_what_to_do(qtbot: QtBot, session: Session) -> None:
    page = ExplanationsPage(session)
    qtbot.addWidget(page)
    (button,) = [button for button in page.findChildren(QPushButton) if button.text() == "Choose photos"]
    with qtbot.waitSignal(session.page_wanted) as wanted:
        button.click()
    assert wanted.args == ["dataset"]


def test_the_menu_is_the_dict_of_methods(page: ExplanationsPage, idle: Idle) -> None:
    idle()
    names = [page.method.itemData(row) for row in range(page.method.count())]
    assert [name for name in names if name] == list(EXPLANATIONS)
    assert page.method.currentData() == "grad-cam"


def test_questions_head_the_menu_and_cannot_be_chosen(page: ExplanationsPage, idle: Idle) -> None:
    idle()
    model = page.method.model()
    headings = [row for row in range(model.rowCount()) if page.method.itemData(row) is None]
    asked = [page.method.itemText(row) for row in headings if page.method.itemText(row)]
    used = {entry.group for entry in EXPLANATIONS.values()}
    assert asked == [question for group, question in GROUPS.items() if group in used]
    assert not any(model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled for row in headings)


@pytest.mark.parametrize("method", EXPLANATIONS)
def test_every_method_says_what_its_picture_means(method: str) -> None:
    sentence = words.meaning(method, "bees", "conv_head")
    assert sentence != words.meaning("no such method", "bees", "conv_head")
    assert ("conv_head" in sentence) <= EXPLANATIONS[method].at_layer


def test_mistakes_come_first_and_the_first_is_explained(
    page: ExplanationsPage, idle: Idle, launcher: AnsweringLauncher
) -> None:
    idle()
    shown = page.gallery.pictures.pictures
    assert [picture.caption for picture in shown] == ["ants → bees", "ants", "bees", "bees"]
    assert [picture.flawed for picture in shown] == [True, False, False, False]
    assert launcher.asked[0].image == Path(shown[0].key)
    assert launcher.asked[0].label is None


def test_the_predicted_class_is_named_and_the_layer_explained(qtbot: QtBot, page: ExplanationsPage, idle: Idle) -> None:
    idle()
    assert page.label.currentText() == "bees (predicted)"
    assert "conv_head" in page.comparison.sentence.text()
    qtbot.waitUntil(lambda: not page.comparison.map.overlay.isNull())


def test_another_class_is_asked_for_by_name(page: ExplanationsPage, idle: Idle, launcher: AnsweringLauncher) -> None:
    idle()
    page.label.setCurrentText("ants")
    idle()
    assert launcher.asked[-1].label == "ants"


def test_a_known_answer_is_not_asked_for_again(page: ExplanationsPage, idle: Idle, launcher: AnsweringLauncher) -> None:
    idle()
    page.label.setCurrentText("ants")
    idle()
    page.label.setCurrentIndex(0)
    assert len(launcher.asked) == 2
    assert page.label.currentText() == "bees (predicted)"


def test_of_wishes_that_come_meanwhile_only_the_newest_is_asked(
    qtbot: QtBot, page: ExplanationsPage, idle: Idle, launcher: AnsweringLauncher
) -> None:
    idle()
    launcher.hold()
    for row in (1, 2, 3):
        page.gallery.setCurrentIndex(page.gallery.pictures.index(row))
    launcher.release()
    qtbot.waitUntil(lambda: len(launcher.asked) == 3)
    idle()
    shown = [Path(picture.key) for picture in page.gallery.pictures.pictures]
    assert [request.image for request in launcher.asked[1:]] == [shown[1], shown[3]]


def test_a_failure_is_a_sentence_in_the_page(page: ExplanationsPage, idle: Idle, launcher: AnsweringLauncher) -> None:
    idle()
    launcher.answers["explain"] = refused
    page.label.setCurrentText("ants")
    idle()
    assert page.notice.text == "The image 1.png is cut short. Choose another."
    assert page.comparison.map.image.isNull()


def test_the_overlay_can_be_made_fainter(page: ExplanationsPage) -> None:
    page.comparison.strength.setValue(40)
    assert page.comparison.map.opacity == pytest.approx(0.4)


def test_a_picture_opens_large(qtbot: QtBot, page: ExplanationsPage, idle: Idle) -> None:
    idle()
    qtbot.waitUntil(lambda: not page.comparison.map.image.isNull())
    page.comparison.map.opened.emit()
    viewer = page.comparison.findChild(ImageViewer)
    assert isinstance(viewer, ImageViewer)
    assert viewer.row == 1
    viewer.close()
