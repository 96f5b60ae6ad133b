"""A video's own controls, with a real clip."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from finetuner.gui.pages.live import LivePage
from tests.gui.pages.live.fakes import FakeSources
from tests.gui.pages.live.looking import corner

pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """50 frames, 25 a second, brighter by 5 each."""
    content = io.BytesIO()
    for number in range(50):
        Image.new("RGB", (96, 64), (number * 5,) * 3).save(content, "JPEG", quality=95)
    (tmp_path / "clip.mjpeg").write_bytes(content.getvalue())
    return tmp_path / "clip.mjpeg"


def test_a_video_is_paused_and_stepped_through(qtbot: QtBot, page: LivePage, clip: Path) -> None:
    page.use([clip])
    qtbot.waitUntil(lambda: corner(page) >= 10)
    assert page.transport.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_P)
    assert page.transport.play.toolTip() == "Go on (P)"
    page.transport._video.seek(0.8)
    qtbot.waitUntil(lambda: corner(page) == pytest.approx(100, abs=3))
    qtbot.keyClick(page, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: corner(page) == pytest.approx(105, abs=2))
    assert not page.transport.slider.isEnabled()  # such a clip does not tell how long it is
    qtbot.keyClick(page, Qt.Key.Key_Comma)
    qtbot.waitUntil(lambda: corner(page) == pytest.approx(100, abs=2))


def test_a_camera_has_no_transport(page: LivePage, sources: FakeSources) -> None:
    page.entered()
    assert sources.streams
    assert not page.transport.isVisible()
