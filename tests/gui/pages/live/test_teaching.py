"""Four actions from nothing to live; keys that are held; what can be taken back."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from finetuner.engine.dataset.bursts import burst_of
from finetuner.engine.events import Event, Failed, LessonPrepared
from finetuner.engine.job import Job
from finetuner.engine.prediction.predictor import Pixels, Shares
from finetuner.engine.requests import FitLessonRequest, PrepareLessonRequest
from finetuner.engine.teaching.fit import fit
from finetuner.frame_sources.frame import Frame
from finetuner.gui.pages.live import LivePage, answerer
from finetuner.gui.pages.live.teaching.teacher import Teacher
from finetuner.gui.session import Session
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.finished_run import finished_run
from tests.gui.pages.live.fakes import FakePredictor, FakeSources, opener

ONE, TWO = Qt.Key.Key_1, Qt.Key.Key_2


class Brightness:
    """Two features: how bright a picture is, and how dark."""

    def features(self, images: Sequence[Pixels]) -> Shares:
        means = np.array([image.mean() / 255 for image in images], np.float32)
        return np.stack([means, 1 - means], axis=1)


class Always:
    """Every answer is fresh."""

    def allows(self, answer: object) -> bool:
        return True


class Scene:
    """A camera before which bright or dark things move; each frame comes a tenth of a second after the last."""

    def __init__(self, sources: FakeSources) -> None:
        self._sources, self.sent = sources, 0

    def send(self, bright: bool, frames: int = 1, moving: bool = True) -> None:
        for _ in range(frames):
            self.sent += moving
            pixels = np.full((60, 80, 3), 180 if bright else 40, np.uint8)
            row, column = self.sent // 10 * 6 % 50, self.sent * 7 % 70
            pixels[row : row + 10, column : column + 10] = 110
            self._sources.streams[-1].arrived.emit(Frame(pixels, "frame", arrived=1000 + self.sent / 10))
            QApplication.processEvents()


def prepared(request: PrepareLessonRequest) -> Iterator[Event]:
    yield LessonPrepared(extractor="features.onnx", backbone="starter")


@pytest.fixture
def launcher() -> AnsweringLauncher:
    return AnsweringLauncher(**{"prepare-lesson": prepared, "fit-lesson": fit})


@pytest.fixture
def sources() -> FakeSources:
    return FakeSources("Desk")


@pytest.fixture
def scene(sources: FakeSources) -> Scene:
    return Scene(sources)


@pytest.fixture
def page(qtbot: QtBot, session: Session, sources: FakeSources, monkeypatch: pytest.MonkeyPatch) -> Iterator[LivePage]:
    monkeypatch.setattr(answerer, "Freshness", Always)
    made = LivePage(session, sources, opener(FakePredictor(), []), lambda path: Brightness())
    made.resize(1080, 800)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.desk.turn_off()
    made.stop()
    session.calls.close()


def teacher_of(page: LivePage) -> Teacher:
    return page.desk.teacher


def click(page: LivePage, words: str) -> None:
    buttons = {button.text(): button for button in page.findChildren(QPushButton) if button.isVisible()}
    buttons[words].click()


def begin(qtbot: QtBot, page: LivePage) -> None:
    click(page, "Teach from the camera")
    qtbot.waitUntil(lambda: len(teacher_of(page).classes) == 2)


def record(qtbot: QtBot, page: LivePage, scene: Scene, key: Qt.Key, bright: bool, frames: int = 6) -> None:
    """Hold a key while things move before the camera, until what was recorded is on the disk."""
    wanted = len(teacher_of(page).frames) + frames
    scene.send(bright)
    qtbot.keyPress(page, key)
    scene.send(bright, frames - 1)
    qtbot.keyRelease(page, key)
    qtbot.waitUntil(lambda: len(teacher_of(page).frames) == wanted)


def settled(page: LivePage) -> bool:
    """Whether all that was recorded is learned."""
    teacher = teacher_of(page)
    return teacher.fitted is not None and teacher.fitted.frames == len(teacher.frames)


def wait_for_answer(qtbot: QtBot, page: LivePage, scene: Scene, bright: bool, name: str) -> None:
    """Show it, until that is the answer: answers to earlier frames may be on their way, and are averaged."""
    heard: list[str] = []
    page.viewing.answered.connect(lambda event: heard.append(event.answer.top[0][0]))

    def is_told() -> bool:
        scene.send(bright)
        return heard[-1:] == [name]

    qtbot.waitUntil(is_told)


def test_from_nothing_to_live_in_four_actions(qtbot: QtBot, page: LivePage, scene: Scene, session: Session) -> None:
    assert session.run is None
    begin(qtbot, page)
    record(qtbot, page, scene, ONE, bright=True)
    record(qtbot, page, scene, TWO, bright=False)
    qtbot.waitUntil(lambda: settled(page))
    for bright, name in ((True, "Class 1"), (False, "Class 2")):
        wait_for_answer(qtbot, page, scene, bright, name)


def test_the_view_changes_over_without_a_stop(qtbot: QtBot, page: LivePage, scene: Scene, sources: FakeSources) -> None:
    begin(qtbot, page)
    record(qtbot, page, scene, ONE, bright=True)
    record(qtbot, page, scene, TWO, bright=False)
    qtbot.waitUntil(lambda: settled(page))
    scene.send(True)
    worker, stream = page.answerer._worker, sources.streams[-1]
    assert worker is not None
    record(qtbot, page, scene, TWO, bright=True)
    qtbot.waitUntil(lambda: settled(page))
    assert page.answerer._worker is worker
    assert sources.streams == [stream]
    assert stream.running


def test_a_key_that_repeats_itself_is_one_recording(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    qtbot.keyPress(page, ONE)
    for _ in range(3):
        scene.send(True)
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            repeat = QKeyEvent(kind, ONE, Qt.KeyboardModifier.NoModifier, "1", True)
            QApplication.sendEvent(page, repeat)
    assert teacher_of(page).recording == "Class 1"
    qtbot.keyPress(page, TWO)
    assert teacher_of(page).recording == "Class 1"
    qtbot.keyRelease(page, TWO)
    qtbot.keyRelease(page, ONE)
    assert teacher_of(page).recording == ""
    qtbot.waitUntil(lambda: len(teacher_of(page).frames) == 3)
    assert len({burst_of(str(frame.path)) for frame in teacher_of(page).frames}) == 1


@pytest.mark.parametrize("away", ["deactivated", "field", "hidden", "stopped"])
def test_whatever_takes_the_focus_away_lets_go(qtbot: QtBot, page: LivePage, scene: Scene, away: str) -> None:
    begin(qtbot, page)
    with qtbot.waitActive(page):
        page.activateWindow()
    scene.send(True)
    qtbot.keyPress(page, ONE)
    assert teacher_of(page).recording == "Class 1"
    match away:
        case "deactivated":
            QApplication.sendEvent(page, QEvent(QEvent.Type.WindowDeactivate))
        case "field":
            page.desk.panel.cards[0].name.setFocus()
        case "hidden":
            page.hide()
        case "stopped":
            page.stop()
    assert teacher_of(page).recording == ""


def test_digits_in_a_name_are_no_recording(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    scene.send(True)
    field = page.desk.panel.cards[0].name
    field.clear()
    qtbot.keyClicks(field, "Cup 1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert teacher_of(page).recording == ""
    qtbot.waitUntil(lambda: teacher_of(page).classes == ("Cup 1", "Class 2"))


def test_the_button_of_a_class_can_be_held_by_mouse_and_by_keyboard(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    scene.send(True)
    button = page.desk.panel.cards[1].button
    assert "Class 2" in button.accessibleName()
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    assert teacher_of(page).recording == "Class 2"
    assert button.text() == "Recording"
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert teacher_of(page).recording == ""
    qtbot.keyPress(button, Qt.Key.Key_Space)
    assert teacher_of(page).recording == "Class 2"
    qtbot.keyRelease(button, Qt.Key.Key_Space)
    assert teacher_of(page).recording == ""
    qtbot.waitUntil(lambda: teacher_of(page).count("Class 2") == 1)


def test_the_last_recording_can_be_taken_back(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    record(qtbot, page, scene, ONE, bright=True)
    record(qtbot, page, scene, TWO, bright=False)
    record(qtbot, page, scene, TWO, bright=True)
    wrong = teacher_of(page).frames[-1].path
    qtbot.waitUntil(lambda: settled(page))
    page.desk.panel.undo.click()
    qtbot.waitUntil(lambda: len(teacher_of(page).frames) == 12)
    assert not wrong.exists()
    qtbot.waitUntil(lambda: settled(page))
    wait_for_answer(qtbot, page, scene, True, "Class 1")


def test_a_class_can_be_removed_and_that_is_undone_like_a_recording(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    record(qtbot, page, scene, ONE, bright=True)
    record(qtbot, page, scene, TWO, bright=False)
    qtbot.waitUntil(lambda: settled(page))
    panel, frames = page.desk.panel, list(teacher_of(page).frames)
    assert (panel.undo.text(), panel.cards[0].remove.accessibleName()) == (
        "Undo recording",
        "Remove Class 1 with its frames",
    )
    panel.cards[0].remove.click()
    qtbot.waitUntil(lambda: len(teacher_of(page).frames) == 6)
    assert ([card.label for card in panel.cards], panel.undo.text()) == (["Class 2"], "Undo removal")
    assert not any(frame.path.exists() for frame in frames[:6])
    qtbot.waitUntil(lambda: teacher_of(page).predictor is None)
    assert page.panel.bars.top == []
    panel.undo.click()
    qtbot.waitUntil(lambda: settled(page))
    assert ([card.label for card in panel.cards], panel.undo.text()) == (["Class 1", "Class 2"], "Undo recording")
    assert all(frame.path.exists() for frame in frames)
    wait_for_answer(qtbot, page, scene, True, "Class 1")


def test_a_class_that_is_removed_while_it_is_held_is_let_go(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    scene.send(True)
    qtbot.keyPress(page, ONE)
    page.desk.panel.cards[0].removed.emit()
    assert teacher_of(page).recording == ""
    qtbot.keyRelease(page, ONE)
    qtbot.waitUntil(lambda: teacher_of(page).captured.classes == ("Class 2",))


def test_frames_with_nothing_new_are_told_of(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    scene.send(True)
    qtbot.keyPress(page, ONE)
    for number in range(12):
        pixels = np.full((60, 80, 3), 200, np.uint8)
        frame = Frame(pixels, "frame", arrived=2000 + number)
        page.viewing.stream.arrived.emit(frame)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "Nothing new" in page.desk.panel.state.text())
    qtbot.keyRelease(page, ONE)
    assert len(teacher_of(page).frames) == 2


def test_frames_come_before_the_network_does(
    qtbot: QtBot, page: LivePage, scene: Scene, launcher: AnsweringLauncher
) -> None:
    launcher.hold()
    begin(qtbot, page)
    record(qtbot, page, scene, ONE, bright=True)
    record(qtbot, page, scene, TWO, bright=False)
    assert "Preparing the network" in page.desk.panel.state.text()
    launcher.release()
    qtbot.waitUntil(lambda: settled(page))


def test_teaching_goes_on_where_it_was_left(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    record(qtbot, page, scene, ONE, bright=True)
    record(qtbot, page, scene, TWO, bright=False)
    click(page, "End teaching")
    assert page.empty is not None
    click(page, "Teach from the camera")
    qtbot.waitUntil(lambda: settled(page))
    assert len(teacher_of(page).frames) == 12
    assert [len(pictures) for pictures in teacher_of(page).pictures.values()] == [4, 4]


def test_what_was_recorded_is_a_data_set(qtbot: QtBot, page: LivePage, scene: Scene, session: Session) -> None:
    begin(qtbot, page)
    assert not page.desk.panel.data.isEnabled()
    record(qtbot, page, scene, ONE, bright=True)
    opened: list[Path] = []
    session.dataset.open = opened.append  # type: ignore[method-assign]
    with qtbot.waitSignal(session.page_wanted) as wanted:
        page.desk.panel.data.click()
    assert wanted.args == ["dataset"]
    assert opened == [teacher_of(page).frames[0].path.parent.parent]


def test_what_was_taught_is_trained_as_a_run(qtbot: QtBot, page: LivePage, scene: Scene, session: Session) -> None:
    begin(qtbot, page)
    for _ in range(2):
        record(qtbot, page, scene, ONE, bright=True)
        record(qtbot, page, scene, TWO, bright=False)
    qtbot.waitUntil(lambda: settled(page) and page.desk.panel.keep.isEnabled())
    folder = teacher_of(page).frames[0].path.parent.parent
    trained: list[object] = []
    session.train = trained.append  # type: ignore[method-assign,assignment]
    page.desk.panel.keep.click()
    (job,) = trained
    assert (job.data.data, job.strategy.strategy, job.backbone.backbone) == (folder, "probe", "starter")  # type: ignore[attr-defined]
    assert not page.desk.active


def test_a_class_can_be_added_and_has_the_next_number(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    page.desk.panel.add.click()
    qtbot.waitUntil(lambda: len(page.desk.panel.cards) == 3)
    scene.send(True)
    record(qtbot, page, scene, Qt.Key.Key_3, bright=True, frames=2)
    assert teacher_of(page).count("Class 3") >= 2


def test_a_bad_name_is_told_and_the_old_one_stays(qtbot: QtBot, page: LivePage) -> None:
    begin(qtbot, page)
    with qtbot.waitSignal(page.desk.troubled):
        page.desk.panel.cards[0].renamed.emit("class 2")
    assert teacher_of(page).classes == ("Class 1", "Class 2")
    assert page.desk.panel.cards[0].name.text() == "Class 1"


def test_a_new_name_is_said_at_once(qtbot: QtBot, page: LivePage, scene: Scene) -> None:
    begin(qtbot, page)
    record(qtbot, page, scene, ONE, bright=True)
    record(qtbot, page, scene, TWO, bright=False)
    qtbot.waitUntil(lambda: settled(page))
    page.desk.panel.cards[1].renamed.emit("pen")
    qtbot.waitUntil(lambda: teacher_of(page).classes == ("Class 1", "pen"))
    predictor = teacher_of(page).predictor
    assert predictor is not None
    assert predictor.classes == ("Class 1", "pen")


def test_a_network_that_cannot_be_had_is_told(qtbot: QtBot, page: LivePage, launcher: AnsweringLauncher) -> None:
    launcher.answers["prepare-lesson"] = lambda request: [Failed(sentence="No network.", next_step="Get one.")]
    with qtbot.waitSignal(page.desk.troubled):
        click(page, "Teach from the camera")
    assert not page.desk.active
    assert page.empty is not None


def test_a_run_is_taught_on(
    qtbot: QtBot, page: LivePage, scene: Scene, session: Session, launcher: AnsweringLauncher, tmp_path: Path
) -> None:
    """Its classes are there at once, and its images are learned from along with the frames."""
    from finetuner.engine.teaching.rows import Rows

    rows = Rows(
        np.array([[0.9, 0.1], [0.1, 0.9]] * 6, np.float32), ("ants", "bees") * 6, tuple("abcdefghijkl"), ("train",) * 12
    )
    rows.save(tmp_path / "base")
    launcher.answers["prepare-lesson"] = lambda request: [
        LessonPrepared(extractor="f.onnx", backbone="b", base=str(tmp_path / "base"), classes=("ants", "bees"))
    ]
    launcher.answers["export"] = lambda request: ()
    run = finished_run(tmp_path)
    Job().save(run / "job.toml")
    session.set_run(run)
    page.retry()
    click(page, "Teach")
    qtbot.waitUntil(lambda: teacher_of(page).classes == ("ants", "bees"))
    record(qtbot, page, scene, TWO, bright=True)
    qtbot.waitUntil(lambda: teacher_of(page).fitted is not None and teacher_of(page).fitted.frames == 18)
    with qtbot.waitSignal(page.desk.troubled):
        page.desk.panel.cards[0].renamed.emit("beetles")
    with qtbot.waitSignal(page.desk.troubled):
        page.desk.panel.cards[0].remove.click()
    assert teacher_of(page).classes == ("ants", "bees")
    (request,) = [asked for asked in launcher.asked if isinstance(asked, FitLessonRequest)][:1]
    assert request.base == tmp_path / "base"
