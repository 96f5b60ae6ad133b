"""The page with the real camera stream; only the hardware beneath it is made up."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from finetuner.frame_sources.camera import CameraStream
from finetuner.frame_sources.camera_hardware import Camera, Permission
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.answerer import cached
from finetuner.gui.pages.live.sources import Source
from finetuner.gui.session import Session
from tests.gui.pages.finished_run import finished_run
from tests.gui.pages.live.fakes import FakePredictor, FakeSources, opener

multimedia = pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)


class PlugBoard(QObject):
    """Hardware with one camera, until it is pulled."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.plugged = [Camera(0, "Desk", "desk")]
        self.allowed: Permission = "granted"
        self.sink: QObject | None = None

    def cameras(self) -> list[Camera]:
        return self.plugged

    def permission(self) -> Permission:
        return self.allowed

    def ask(self, answered: Callable[[], None]) -> None:
        answered()

    def open(self, camera: Camera, sink: QObject) -> None:
        self.sink = sink

    def close(self) -> None:
        self.sink = None

    def pull(self) -> None:
        self.plugged = []
        self.changed.emit()


@pytest.fixture
def board(qapp: object) -> PlugBoard:
    return PlugBoard()


@pytest.fixture
def page(qtbot: QtBot, session: Session, board: PlugBoard, tmp_path: Path) -> Iterator[LivePage]:
    run = finished_run(tmp_path)
    cached(run).parent.mkdir(parents=True)
    cached(run).touch()
    session.set_run(run)
    sources = FakeSources()
    sources.cameras = lambda on_change: [  # type: ignore[method-assign]
        Source(camera.name, lambda parent: CameraStream(0, parent, board), key=camera.key) for camera in board.cameras()
    ]
    made = LivePage(session, sources, opener(FakePredictor(), []))
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
