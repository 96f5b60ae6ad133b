"""Sources that are no file: the clipboard, a part of the screen, a window, an address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.screen import Region
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.picker import ScreenPicker
from finetuner.gui.pages.live.sources import Source, Sources
from tests.gui.pages.live.fakes import FakePredictor, FakeSources, FakeStream
from tests.gui.pages.live.looking import stream_of


@pytest.fixture
def named(page: LivePage, sources: FakeSources, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the page asked its sources for, by name; each is a fake stream."""
    texts: list[str] = []

    def find(text: str) -> Source:
        texts.append(text)
        return Source(text, sources._open, key=text)

    monkeypatch.setattr(sources, "named", find)
    return texts


@pytest.fixture
def clipboard(qapp: object) -> Iterator[QMimeData]:
    content = QMimeData()
    yield content
    QGuiApplication.clipboard().clear()


def test_a_pasted_picture_is_shown_and_answered(
    qtbot: QtBot, page: LivePage, predictor: FakePredictor, clipboard: QMimeData
) -> None:
    image = QImage(33, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 200, 200))
    clipboard.setImageData(image)
    QGuiApplication.clipboard().setMimeData(clipboard)
    qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: predictor.seen == [200])
    qtbot.waitUntil(lambda: page.stage.image.width() == 33)
    assert page.setup.source.currentText() == "Pasted image"


def test_a_pasted_file_is_opened(
    qtbot: QtBot, page: LivePage, predictor: FakePredictor, clipboard: QMimeData, tmp_path: Path
) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor(40, 40, 40))
    image.save(str(tmp_path / "dark.png"))
    clipboard.setUrls([QUrl.fromLocalFile(str(tmp_path / "dark.png"))])
    QGuiApplication.clipboard().setMimeData(clipboard)
    page.intake.paste()
    qtbot.waitUntil(lambda: predictor.seen == [40])


def test_an_empty_clipboard_has_its_sentence(page: LivePage) -> None:
    QGuiApplication.clipboard().clear()
    page.intake.paste()
    assert "no picture on the clipboard" in page.notice.text


def test_an_address_that_is_typed_is_the_source(
    page: LivePage, named: list[str], sources: FakeSources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *asked: (" rtsp://cam/1 ", True))
    page.asking.address()
    assert named == ["rtsp://cam/1"]
    assert stream_of(sources).running


def test_an_address_that_is_none_is_a_sentence(page: LivePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *asked: ("rtsp://", True))
    page.asking.address()
    assert "no address of a stream" in page.notice.text


def test_an_address_that_does_not_answer_can_be_tried_again(
    page: LivePage, named: list[str], sources: FakeSources
) -> None:
    page.intake.use_named("rtsp://cam/1")
    stream_of(sources).failed.emit(FinetunerError("The stream rtsp://cam/1 cannot be shown."))
    assert page.stage.trouble.isVisible()
    page.retry()
    assert isinstance(stream_of(sources), FakeStream)
    assert len(sources.streams) == 2
    assert page.setup.source.currentText() == "rtsp://cam/1"


def test_a_window_is_chosen_by_its_title(
    page: LivePage, named: list[str], sources: FakeSources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "windows", lambda: ["Mail", "Bees"])
    monkeypatch.setattr(QInputDialog, "getItem", lambda *asked: (asked[3][1], True))
    page.asking.window()
    assert named == ["window:Bees"]


def test_where_no_window_is_told_it_says_so(
    page: LivePage, sources: FakeSources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "windows", lambda: [])
    page.asking.window()
    assert "does not tell which windows" in page.notice.text


def draw(qtbot: QtBot, picker: ScreenPicker, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(picker, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(picker, end)
    qtbot.mouseRelease(picker, Qt.MouseButton.LeftButton, pos=end)


def test_a_rectangle_drawn_on_the_screen_is_the_source(qtbot: QtBot, page: LivePage, named: list[str]) -> None:
    picker = page.asking.screen()
    qtbot.waitExposed(picker)
    draw(qtbot, picker, QPoint(200, 150), QPoint(40, 30))
    (text,) = named
    part = Region.parse(text).part
    assert part is not None
    assert part[:2] == pytest.approx((40, 30), abs=2)
    assert part[2:] == pytest.approx((160, 120), abs=2)


@pytest.mark.parametrize(("key", "wanted"), [(Qt.Key.Key_Return, ["screen:0"]), (Qt.Key.Key_Escape, [])])
def test_enter_takes_the_whole_screen_and_escape_nothing(
    qtbot: QtBot, page: LivePage, named: list[str], key: Qt.Key, wanted: list[str]
) -> None:
    qtbot.keyClick(page.asking.screen(), key)
    assert named == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("screen:0:1,2,30,40", "Part of the screen"),
        ("window:Mail", "Window Mail"),
        ("rtsp://anna:secret@cam/1", "rtsp://cam/1"),
    ],
)
def test_every_name_of_the_command_line_is_a_source(qapp: object, text: str, words: str) -> None:
    source = Sources().named(text)
    assert (source.words, source.still, source.key) == (words, False, text)


def test_of_a_large_folder_the_first_images_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finetuner.gui.pages.live.sources.MOST_IMAGES", 3)
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(b"")
    assert Sources().file(tmp_path).words == "3 images"
