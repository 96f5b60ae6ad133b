import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QVideoFrame

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources import capture
from finetuner.frame_sources.capture_hardware import QtWindows
from finetuner.frame_sources.screen import Region, ScreenStream
from finetuner.frame_sources.source import open_source
from finetuner.frame_sources.window import WindowStream


class FakeCapture(QObject):
    """Screens or windows of these names; each shows a picture that is red on its left half, blue on its right."""

    refused = Signal(str)

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.there = list(names)
        self.opened: list[str] = []
        self.closed = 0

    def names(self):
        return self.there

    def open(self, number, sink):
        self.opened.append(self.there[number])
        self.sink = sink

    def close(self):
        self.closed += 1

    def show(self, left="red"):
        picture = QImage(40, 20, QImage.Format.Format_RGB32)
        picture.fill(QColor(left))
        for x in range(20, 40):
            for y in range(20):
                picture.setPixelColor(x, y, QColor("blue"))
        self.sink.setVideoFrame(QVideoFrame(picture))


class Watched:
    def __init__(self, stream) -> None:
        self.stream = stream
        self.frames, self.troubles = [], []
        stream.arrived.connect(self.frames.append)
        stream.failed.connect(lambda error: self.troubles.append(str(error)))
        stream.start()


@pytest.fixture
def watch(qapp):
    made = []

    def start(kind, text: str, hardware: FakeCapture) -> Watched:
        made.append(Watched(kind(text, hardware=hardware)))
        return made[-1]

    yield start
    for watched in made:
        watched.stream.stop()
        watched.stream.deleteLater()


@pytest.mark.parametrize("text", ["screen:0", "screen:1:5,6,70,80"])
def test_a_region_reads_what_it_writes(text):
    assert str(Region.parse(text)) == text


@pytest.mark.parametrize("text", ["screen:", "screen:a", "screen:0:1,2,3", "screen:0:1,2,0,9", "screen:0:1,2,3,4,5"])
def test_what_names_no_part_of_a_screen_is_a_sentence(text):
    with pytest.raises(FinetunerError, match="names no part of a screen"):
        Region.parse(text)


@pytest.mark.parametrize(("text", "size", "blue"), [("screen", (20, 40), False), ("screen:0:22,5,10,8", (8, 10), True)])
def test_a_part_of_the_screen_is_what_arrives(watch, text, size, blue):
    hardware = FakeCapture("Main")
    watched = watch(ScreenStream, text, hardware)
    hardware.show()
    pixels = watched.frames[0].pixels
    assert pixels.shape == (*size, 3)
    assert (pixels[0, 0, 2] > 200) == blue


def test_of_frames_that_come_too_quickly_the_last_one_arrives(watch, qtbot):
    hardware = FakeCapture("Main")
    watched = watch(ScreenStream, "screen", hardware)
    for left in ("red", "lime", "lime", "white"):
        hardware.show(left)
    assert len(watched.frames) == 1
    qtbot.waitUntil(lambda: len(watched.frames) == 2)
    assert [frame.pixels[0, 0].tolist() for frame in watched.frames] == [[255, 0, 0], [255, 255, 255]]
    apart = watched.frames[1].arrived - watched.frames[0].arrived
    assert apart > 0.95 * capture.APART_MS / 1000  # Qt's timers may be early by a twentieth
    assert 1000 / capture.APART_MS < 15


def test_what_was_held_back_is_not_shown_after_the_end(watch, qtbot):
    hardware = FakeCapture("Main")
    watched = watch(ScreenStream, "screen", hardware)
    hardware.show()
    hardware.show("lime")
    watched.stream.stop()
    watched.stream.start()
    hardware.show("white")
    assert [frame.pixels[0, 0].tolist() for frame in watched.frames] == [[255, 0, 0], [255, 255, 255]]
    assert not watched.stream._held


def test_a_part_that_reaches_over_the_edge_is_cut_there(watch):
    hardware = FakeCapture("Main")
    watched = watch(ScreenStream, "screen:0:30,10,500,500", hardware)
    hardware.show()
    assert watched.frames[0].pixels.shape == (10, 10, 3)


def test_a_part_beside_the_screen_has_its_sentence(watch):
    hardware = FakeCapture("Main")
    watched = watch(ScreenStream, "screen:0:300,10,50,50", hardware)
    hardware.show()
    assert watched.troubles == ["The chosen part is not on the screen any more. Choose another."]
    assert watched.frames == []
    assert hardware.closed == 1


def test_a_screen_that_is_not_there_names_those_that_are(watch):
    assert watch(ScreenStream, "screen:2", FakeCapture("Main")).troubles == [
        "There is no screen 2. There are: 0 (Main)."
    ]


def test_a_window_is_found_by_a_part_of_its_title(watch):
    hardware = FakeCapture("Mail", "Bees - Player")
    watch(WindowStream, "window:player", hardware)
    assert hardware.opened == ["Bees - Player"]


@pytest.mark.parametrize(
    ("titles", "sentence"),
    [
        (("Mail",), "There is no window player. There are: Mail."),
        ((), "This system does not tell which windows there are. Look at a part of the screen instead."),
    ],
)
def test_a_window_that_is_not_there_has_its_sentence(watch, titles, sentence):
    assert watch(WindowStream, "window:player", FakeCapture(*titles)).troubles == [sentence]


def test_a_system_that_refuses_has_its_sentence(watch):
    hardware = FakeCapture("Main")
    watched = watch(ScreenStream, "screen", hardware)
    hardware.refused.emit("Permission denied.")
    assert watched.troubles[0].startswith("The screen 0 cannot be looked at: Permission denied. Allow this program")


def test_a_screen_that_stays_silent_is_noticed(watch, qtbot, monkeypatch):
    monkeypatch.setattr(capture, "PATIENCE_MS", 1)
    watched = watch(ScreenStream, "screen", FakeCapture("Main"))
    qtbot.waitUntil(lambda: bool(watched.troubles))
    assert "no picture comes" in watched.troubles[0]


def test_this_screen_gives_frames(qapp):
    """Whatever the screen here is, it can be looked at; windows may or may not be told."""
    with open_source("screen:0:0,0,64,48") as frames:
        assert next(frames).pixels.shape == (48, 64, 3)
    assert all(QtWindows().names())
