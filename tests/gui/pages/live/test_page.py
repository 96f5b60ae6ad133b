from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.frame_sources.frame import Frame
from finetuner.gui.bridge.live import Answered
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.answerer import cached
from finetuner.gui.session import Session
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.finished_run import finished_run
from tests.gui.pages.live.conftest import Always, exported
from tests.gui.pages.live.fakes import FakePredictor, FakeSources, opener
from tests.gui.pages.live.looking import buttons, corner, enter, stream_of

UNPLUGGED = FinetunerError("The camera Desk was unplugged.", "Plug it in again, then try again.")


def test_without_a_model_it_says_what_to_do(qtbot: QtBot, session: Session, sources: FakeSources) -> None:
    page = LivePage(session, sources)
    qtbot.addWidget(page)
    page.show()
    page.entered()
    assert sources.streams == []
    with qtbot.waitSignal(session.page_wanted):
        buttons(page)["Choose photos"].click()


def test_entering_starts_the_first_camera(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path]
) -> None:
    enter(qtbot, page, opened)
    assert page.setup.source.currentText() == "Desk"
    assert stream_of(sources).running
    assert page.setup.mirror.isChecked()
    assert "Stop" in buttons(page)


def test_a_run_is_exported_once_into_the_cache(
    qtbot: QtBot, page: LivePage, opened: list[Path], launcher: AnsweringLauncher, run: Path
) -> None:
    enter(qtbot, page, opened)
    page.start()
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert [(request.run, request.out) for request in launcher.asked] == [(run, cached(run))]
    assert opened == [cached(run), cached(run)]


def test_another_best_model_is_another_file(run: Path) -> None:
    before = cached(run)
    (run / "best").mkdir()
    (run / "best" / "model.safetensors").write_bytes(b"weights")
    assert cached(run) != before


def test_a_frame_is_shown_and_answered(qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path]) -> None:
    enter(qtbot, page, opened)
    stream_of(sources).send(200)
    qtbot.waitUntil(lambda: bool(page.panel.bars.top))
    assert [name for name, _ in page.panel.bars.top] == ["bees", "wasps", "ants"]
    assert page.stage.image.width() == 8
    assert page.panel.pace.value.endswith("ms")


def test_a_frame_is_drawn_with_its_answer(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path]
) -> None:
    enter(qtbot, page, opened)
    page.viewing._drawing.setInterval(3_600_000)  # the answer comes sooner
    stream_of(sources).send(7)
    assert corner(page) == -1
    qtbot.waitUntil(lambda: corner(page) == 7)
    assert not page.viewing._drawing.isActive()


def test_a_slow_model_does_not_hold_up_the_picture(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], predictor: FakePredictor
) -> None:
    enter(qtbot, page, opened)
    predictor.gate.clear()
    stream_of(sources).send(9)
    qtbot.waitUntil(lambda: corner(page) == 9)
    predictor.gate.set()


def test_a_slow_model_drops_frames_and_answers_the_newest(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], predictor: FakePredictor
) -> None:
    enter(qtbot, page, opened)
    predictor.gate.clear()
    stream_of(sources).send(0)
    predictor.begun.acquire()
    for value in range(1, 101):
        stream_of(sources).send(value)
    predictor.gate.set()
    qtbot.waitUntil(lambda: len(predictor.seen) == 2)
    assert predictor.seen == [0, 100]
    qtbot.waitUntil(lambda: corner(page) == 100)


def test_a_window_that_was_held_up_sees_only_the_newest_answer(
    qtbot: QtBot, page: LivePage, sources: FakeSources, predictor: FakePredictor, opened: list[Path]
) -> None:
    enter(qtbot, page, opened)
    frames: list[Frame] = []
    answered: list[float] = []
    stream_of(sources).arrived.connect(frames.append)
    page.answerer.happened.connect(lambda event: answered.append(event.answer.arrived) if _is_answer(event) else None)
    for brightness in (10, 200, 20):
        stream_of(sources).send(brightness)
        predictor.begun.acquire()  # the one before it is answered; the window has not looked yet
    qtbot.waitUntil(lambda: frames[2].arrived in answered)
    assert frames[0].arrived not in answered


def test_an_answer_that_comes_too_late_is_not_shown(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(qtbot, page, opened)
    refused: list[LiveAnswer] = []
    monkeypatch.setattr(Always, "allows", lambda self, answer: bool(refused.append(answer)))
    stream_of(sources).send(1)
    qtbot.waitUntil(lambda: bool(refused))
    assert page.panel.bars.top == []


def test_a_frame_that_comes_before_the_model_is_answered(
    qtbot: QtBot, page: LivePage, sources: FakeSources, launcher: AnsweringLauncher, predictor: FakePredictor
) -> None:
    launcher.hold()
    page.entered()
    stream_of(sources).send(30)
    launcher.release()
    qtbot.waitUntil(lambda: predictor.seen == [30])


def test_a_camera_that_is_unplugged_has_its_sentence_and_the_last_frame_pales(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], session: Session
) -> None:
    enter(qtbot, page, opened)
    stream_of(sources).send(200)
    stream_of(sources).failed.emit(UNPLUGGED)
    assert page.stage.trouble.isVisible()
    assert page.stage.trouble.sentence.text() == UNPLUGGED.sentence
    assert page.stage.faded
    assert not page.running
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_try_again_starts_anew(qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path]) -> None:
    enter(qtbot, page, opened)
    stream_of(sources).failed.emit(UNPLUGGED)
    buttons(page)["Try again"].click()
    assert len(sources.streams) == 2
    stream_of(sources).send(200)
    qtbot.waitUntil(lambda: corner(page) == 200)
    assert not page.stage.trouble.isVisible()
    assert not page.stage.faded


@pytest.mark.parametrize("sentence", ["This program may not use the camera.", "The camera Desk gives no picture."])
def test_a_camera_that_cannot_start_has_its_sentence(page: LivePage, sources: FakeSources, sentence: str) -> None:
    sources.trouble = FinetunerError(sentence)
    page.entered()
    assert page.stage.trouble.sentence.text() == sentence
    assert "Start" in buttons(page)


def test_no_camera_is_said_and_files_are_offered(page: LivePage, sources: FakeSources) -> None:
    sources.plugged = []
    page.entered()
    assert page.stage.trouble.sentence.text() == "No camera was found."
    assert {"Try again", "Images…", "Video file…"} <= set(buttons(page))


def test_a_camera_that_comes_is_used_at_once(page: LivePage, sources: FakeSources) -> None:
    sources.plugged = []
    page.entered()
    sources.plugged = ["Desk"]
    page.retry()
    assert stream_of(sources).running


def test_a_system_without_cameras_says_so_on_this_page_only(
    page: LivePage, sources: FakeSources, session: Session
) -> None:
    sources.denied = FinetunerError("Cameras and videos cannot be used: libpulse.so.0.", "Install libpulse0.")
    page.entered()
    assert page.stage.trouble.next_step.text() == "Install libpulse0."
    assert not session.calls.busy


def test_leaving_releases_the_camera_and_ends_the_thread(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], session: Session
) -> None:
    enter(qtbot, page, opened)
    page.hide()
    assert not stream_of(sources).running
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_mirror_turns_the_picture_but_not_what_the_model_sees(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], predictor: FakePredictor
) -> None:
    enter(qtbot, page, opened)
    page.setup.mirror.setChecked(True)
    pixels = _half_lit()
    page.viewing._on_frame(pixels)
    qtbot.waitUntil(lambda: corner(page) == 0)
    qtbot.waitUntil(lambda: predictor.seen == [255])
    page.setup.mirror.setChecked(False)
    page.viewing._on_frame(pixels)
    qtbot.waitUntil(lambda: corner(page) == 255)


def test_images_are_looked_at_one_by_one(
    qtbot: QtBot, page: LivePage, opened: list[Path], predictor: FakePredictor, tmp_path: Path
) -> None:
    paths = [_image(tmp_path / f"{value}.png", value) for value in (10, 250)]
    page.use(paths)
    qtbot.waitUntil(lambda: predictor.seen == [10])
    qtbot.keyClick(page, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: page.panel.bars.top[:1] == [("bees", pytest.approx(0.7))])
    assert "2 / 2" in page.steps.caption.text()
    assert page.setup.source.currentText() == "2 images"
    page.stop()


def test_an_image_that_cannot_be_read_has_its_sentence(qtbot: QtBot, page: LivePage, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    page.use([tmp_path / "broken.png"])
    qtbot.waitUntil(page.stage.trouble.isVisible)
    assert "broken.png" in page.stage.trouble.sentence.text()


def test_an_exported_model_can_be_used_without_a_run(
    qtbot: QtBot, session: Session, sources: FakeSources, predictor: FakePredictor, opened: list[Path], tmp_path: Path
) -> None:
    page = LivePage(session, sources, opener(predictor, opened))
    qtbot.addWidget(page)
    page.show()
    page.use([tmp_path / "bees.onnx"])
    page.retry()
    qtbot.waitUntil(lambda: tmp_path / "bees.onnx" in opened)
    assert page.setup.model.currentText() == "bees.onnx"
    page.stop()
    session.calls.close()


def test_a_run_that_cannot_be_exported_is_a_sentence_with_a_way_out(
    qtbot: QtBot, page: LivePage, sources: FakeSources, launcher: AnsweringLauncher, opened: list[Path]
) -> None:
    launcher.answers["export"] = lambda request: [Failed(sentence="The run holds no model yet.")]
    page.entered()
    qtbot.waitUntil(lambda: bool(page.notice.text))
    assert page.notice.text == "The run holds no model yet."
    assert not stream_of(sources).running
    launcher.answers["export"] = exported
    next(button for button in page.notice.findChildren(QPushButton) if button.text() == "Try again").click()
    qtbot.waitUntil(lambda: bool(opened))


def test_a_new_run_takes_over_while_live(
    qtbot: QtBot, page: LivePage, opened: list[Path], session: Session, tmp_path: Path
) -> None:
    enter(qtbot, page, opened)
    other = finished_run(tmp_path / "other")
    session.set_run(other)
    qtbot.waitUntil(lambda: opened[-1] == cached(other))


def test_a_run_that_was_deleted_is_not_offered_any_more(page: LivePage, session: Session, run: Path) -> None:
    run.rename(run.with_name("in the trash"))
    session.set_run(None)
    assert run not in [thing for _, thing in page.setup.model.things]
    assert page.empty is not None


def test_what_is_dropped_but_is_nothing_is_a_sentence(page: LivePage, tmp_path: Path) -> None:
    page.use([tmp_path / "gone"])
    assert "gone" in page.notice.text


def _image(path: Path, value: int) -> Path:
    Image.new("RGB", (8, 6), (value, value, value)).save(path)
    return path


def _is_answer(event: Event) -> bool:
    return isinstance(event, Answered)


def _half_lit() -> object:
    import numpy as np

    pixels = np.zeros((6, 8, 3), np.uint8)
    pixels[:, :4] = 255
    return Frame(pixels, "half lit")


def test_while_a_run_is_exported_no_second_export_begins(
    qtbot: QtBot, page: LivePage, opened: list[Path], launcher: AnsweringLauncher
) -> None:
    launcher.hold()
    page.entered()
    page.stop()
    page.start()
    page.start()
    launcher.release()
    qtbot.waitUntil(lambda: bool(opened))
    assert len(launcher.asked) == 1
    assert len(opened) == 1


def test_an_export_that_ends_after_leaving_opens_nothing(
    qtbot: QtBot, page: LivePage, opened: list[Path], launcher: AnsweringLauncher, session: Session, run: Path
) -> None:
    launcher.hold()
    page.entered()
    page.hide()
    launcher.release()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert cached(run).exists()
    assert opened == []


@pytest.mark.parametrize(("limit", "heading"), [(0.75, "Unsure"), (0.65, "Answer")])
def test_a_run_is_unsure_below_the_thresholds_in_its_folder(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], run: Path, limit: float, heading: str
) -> None:
    cached(run).parent.mkdir(parents=True)
    cached(run).write_bytes(b"exported before the thresholds were set")
    Thresholds(classes={"bees": limit}).save(run)
    enter(qtbot, page, opened)
    stream_of(sources).send(200)
    qtbot.waitUntil(lambda: bool(page.panel.bars.top))
    assert page.panel.heading.text() == heading
    assert page.panel.bars.accessibleDescription().startswith("Unsure: bees 70.0") == (heading == "Unsure")


def test_an_onnx_is_unsure_below_its_own_thresholds(
    qtbot: QtBot, page: LivePage, sources: FakeSources, predictor: FakePredictor, opened: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "model.onnx").write_bytes(b"a model")
    enter(qtbot, page, opened)
    stream_of(sources).send(200)
    qtbot.waitUntil(lambda: bool(page.panel.bars.top))
    predictor.thresholds = Thresholds(classes={"bees": 0.9})
    page.use([tmp_path / "model.onnx"])
    qtbot.waitUntil(lambda: opened[-1] == tmp_path / "model.onnx")
    stream_of(sources).send(200)
    qtbot.waitUntil(lambda: page.panel.heading.text() == "Unsure")
