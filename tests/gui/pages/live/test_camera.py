"""The page with the real camera stream; only the hardware beneath it is made up."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from finetuner.frame_sources.camera import CameraStream
from finetuner.frame_sources.camera_hardware import Camera, Format, Permission
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.answerer import cached
from finetuner.gui.pages.live.sources import Source
from finetuner.gui.session import Session
from tests.gui.pages.finished_run import finished_run
from tests.gui.pages.live.fakes import FakePredictor, FakeSources, opener

multimedia = pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)


SMALL, LARGE = Format(640, 480, 30.0), Format(1280, 720, 29.97)


class PlugBoard(QObject):
    """Hardware with one camera, until it is pulled."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.plugged = [Camera(0, "Desk", "desk", (SMALL, LARGE))]
        self.opened: list[Format | None] = []
        self.allowed: Permission = "granted"
        self.sink: QObject | None = None

    def cameras(self) -> list[Camera]:
        return self.plugged

    def permission(self) -> Permission:
        return self.allowed

    def ask(self, answered: Callable[[], None]) -> None:
        answered()

    def open(self, camera: Camera, sink: QObject, wanted: Format | None = None) -> None:
        self.sink = sink
        self.opened.append(wanted)

    def close(self) -> None:
        self.sink = None

    def pull(self) -> None:
        self.plugged = []
        self.changed.emit()


class Sources(FakeSources):
    """The board's cameras, with the real stream."""

    def __init__(self, board: PlugBoard) -> None:
        super().__init__()
        self._board = board

    def cameras(self, on_change: Callable[[], object]) -> list[Source]:
        return [self._of(camera) for camera in self._board.cameras()]

    def _of(self, camera: Camera) -> Source:
        def opened(parent: QObject) -> CameraStream:
            wanted = self.wanted.get(camera.key)
            return CameraStream(0, parent, self._board, Format.parse(wanted) if wanted else None)

        return Source(camera.name, opened, key=camera.key, formats=camera.formats)


@pytest.fixture
def board(qapp: object) -> PlugBoard:
    return PlugBoard()


@pytest.fixture
def page(qtbot: QtBot, session: Session, board: PlugBoard, tmp_path: Path) -> Iterator[LivePage]:
    run = finished_run(tmp_path)
    cached(run).parent.mkdir(parents=True)
    cached(run).touch()
    session.set_run(run)
    made = LivePage(session, Sources(board), opener(FakePredictor(), []))
    qtbot.addWidget(made)
    made.show()
    made.entered()
    yield made
    made.stop()
    session.calls.close()


def send(board: PlugBoard, brightness: int) -> None:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(brightness * 0x010101)
    assert board.sink is not None
    board.sink.setVideoFrame(multimedia.QVideoFrame(image))  # type: ignore[attr-defined]


def test_a_video_frame_is_shown_and_answered(qtbot: QtBot, page: LivePage, board: PlugBoard) -> None:
    send(board, 200)
    qtbot.waitUntil(lambda: bool(page.panel.bars.top))
    assert page.panel.bars.top[0][0] == "bees"
    assert (page.stage.image.width(), page.stage.image.height()) == (64, 48)


def test_pulling_the_plug_is_told_and_the_camera_let_go(qtbot: QtBot, page: LivePage, board: PlugBoard) -> None:
    send(board, 200)
    qtbot.waitUntil(lambda: not page.stage.image.isNull())
    board.pull()
    assert page.stage.trouble.sentence.text() == "The camera Desk was unplugged."
    assert page.stage.faded
    assert board.sink is None


def test_a_busy_camera_says_so(page: LivePage, board: PlugBoard) -> None:
    board.refused.emit("Device is busy.")
    assert "could not be used" in page.stage.trouble.sentence.text()
    assert "Close other programs" in page.stage.trouble.next_step.text()


def test_a_denied_camera_says_where_to_allow_it(page: LivePage, board: PlugBoard) -> None:
    page.stop()
    board.allowed = "denied"
    page.start()
    assert "may not use the camera" in page.stage.trouble.sentence.text()
    assert "privacy settings" in page.stage.trouble.next_step.text()


def test_the_size_of_the_pictures_is_chosen_kept_and_taken_back(page: LivePage, board: PlugBoard) -> None:
    assert board.opened == [None]
    page.more.refresh()
    sizes = {action.text(): action for action in page.more.sizes.actions()}
    assert list(sizes)[1:] == ["1280 × 720, 29.97 a second", "640 × 480, 30 a second"]
    assert [action.isChecked() for action in sizes.values()] == [True, False, False]
    sizes["1280 × 720, 29.97 a second"].trigger()
    assert board.opened == [None, LARGE]
    assert page.session.settings.cameras == {"desk": "1280x720@29.97"}
    page.more.refresh()
    assert [action.isChecked() for action in page.more.sizes.actions()] == [False, True, False]
    page.more.sizes.actions()[0].trigger()
    assert board.opened == [None, LARGE, None]
    assert page.session.settings.cameras == {}


def test_a_camera_that_has_lost_its_format_says_so(page: LivePage, board: PlugBoard) -> None:
    page.more.sizes.choose(str(LARGE))
    page.stop()
    board.plugged = [Camera(0, "Desk", "desk", (SMALL,))]
    page.retry()
    assert page.stage.trouble.sentence.text() == "The camera Desk has no pictures of 1280x720@29.97."
    assert not page.running
    page.more.sizes.choose("")
    page.retry()
    assert board.opened == [None, LARGE, None]
