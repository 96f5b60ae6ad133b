from dataclasses import dataclass

import pytest
from PySide6.QtCore import QByteArray, QObject, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from finetuner.frame_sources import camera as module
from finetuner.frame_sources.camera import CameraStream, camera_report, list_cameras
from finetuner.frame_sources.camera_hardware import Camera, Format, QtHardware, chosen, enough


class FakeHardware(QObject):
    """A machine whose cameras a test plugs in and out."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, *names: str, permission: str = "granted") -> None:
        super().__init__()
        self.plugged = [Camera(number, name, f"key of {name}") for number, name in enumerate(names)]
        self.allowed = permission
        self.opened: list[str] = []
        self.closed = 0
        self.sink = None

    def cameras(self):
        return self.plugged

    def permission(self):
        return self.allowed

    def ask(self, answered):
        self.answered = answered

    def open(self, camera, sink, wanted=None):
        self.opened.append(camera.name)
        self.sink = sink

    def close(self):
        self.closed += 1

    def show(self):
        picture = QImage(8, 6, QImage.Format.Format_RGB32)
        picture.fill(0)
        self.sink.setVideoFrame(QVideoFrame(picture))


class Watched:
    """A camera stream, what arrived, and its troubles as text."""

    def __init__(self, hardware: FakeHardware, number: int = 0) -> None:
        self.hardware = hardware
        self.stream = CameraStream(number, hardware=hardware)
        self.frames: list[object] = []
        self.troubles: list[str] = []
        self.stream.arrived.connect(self.frames.append)
        self.stream.failed.connect(lambda error: self.troubles.append(str(error)))
        self.stream.start()


@pytest.fixture
def watch(qapp):
    made: list[Watched] = []

    def start(*names: str, number: int = 0, permission: str = "granted") -> Watched:
        made.append(Watched(FakeHardware(*names, permission=permission), number))
        return made[-1]

    yield start
    for watched in made:
        watched.stream.stop()
        watched.stream.deleteLater()


def test_frames_of_the_chosen_camera_arrive(watch):
    watched = watch("Front", "Desk", number=1)
    watched.hardware.show()
    assert watched.hardware.opened == ["Desk"]
    assert watched.frames[0].pixels.shape == (6, 8, 3)
    assert watched.troubles == []


def test_no_camera_has_its_sentence(watch):
    assert watch().troubles == ["No camera was found. Plug one in, or choose a video file or images."]


def test_a_number_too_high_names_those_there_are(watch):
    assert watch("Front", number=3).troubles == ["There is no camera 3. There are: 0 (Front)."]


def test_denied_has_its_sentence(watch):
    watched = watch("Front", permission="denied")
    assert "may not use the camera" in watched.troubles[0]
    assert "privacy settings" in watched.troubles[0]
    assert watched.hardware.opened == []


@pytest.mark.parametrize(("answer", "opened"), [("granted", ["Front"]), ("denied", [])])
def test_the_system_may_ask_first(watch, answer, opened):
    watched = watch("Front", permission="undetermined")
    assert watched.hardware.opened == []
    watched.hardware.allowed = answer
    watched.hardware.answered()
    assert watched.hardware.opened == opened
    assert bool(watched.troubles) == (answer == "denied")


def test_an_answer_after_stop_opens_nothing(watch):
    watched = watch("Front", permission="undetermined")
    watched.stream.stop()
    watched.hardware.allowed = "granted"
    watched.hardware.answered()
    assert watched.hardware.opened == []


def test_refused_by_the_system_names_camera_and_reason(watch):
    watched = watch("Front")
    watched.hardware.refused.emit("Device or resource busy.")
    assert "The camera Front could not be used: Device or resource busy. Close other programs" in watched.troubles[0]
    assert watched.hardware.closed == 1


def test_busy_without_a_word_is_noticed(watch, qtbot, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_MS", 1)
    watched = watch("Front")
    qtbot.waitUntil(lambda: bool(watched.troubles))
    assert "gives no picture; another program may be using it" in watched.troubles[0]


def test_the_first_picture_ends_the_wait(watch):
    watched = watch("Front")
    assert watched.stream._patience.isActive()
    watched.hardware.show()
    assert not watched.stream._patience.isActive()


def test_unplugged_has_its_sentence_and_can_start_again(watch):
    watched = watch("Front")
    watched.hardware.show()
    camera = watched.hardware.plugged.pop()
    watched.hardware.changed.emit()
    assert watched.troubles == ["The camera Front was unplugged. Plug it in again, then try again."]
    watched.hardware.plugged.append(camera)
    watched.stream.start()
    watched.hardware.show()
    assert len(watched.frames) == 2


def test_another_camera_unplugged_does_not_matter(watch):
    watched = watch("Front", "Desk")
    watched.hardware.plugged.pop()
    watched.hardware.changed.emit()
    assert watched.troubles == []


def test_one_trouble_is_told_once(watch):
    watched = watch("Front")
    watched.hardware.refused.emit("one")
    watched.hardware.refused.emit("two")
    assert len(watched.troubles) == 1


def test_this_machine_can_be_asked(qapp):
    """Whatever is plugged in here: a list, and a line for the doctor."""
    cameras = list_cameras()
    assert [camera.number for camera in cameras] == list(range(len(cameras)))
    assert camera_report() == (", ".join(f"{camera.number} ({camera.name})" for camera in cameras) or "none found")
    assert QtHardware().permission() in ("granted", "denied", "undetermined")


@dataclass(frozen=True)
class Form:
    """A QCameraFormat, as far as it is looked at; Qt makes none itself."""

    width: int
    height: int
    fastest: float = 30.0
    kind: QVideoFrameFormat.PixelFormat = QVideoFrameFormat.PixelFormat.Format_YUYV

    def resolution(self) -> QSize:
        return QSize(self.width, self.height)

    def maxFrameRate(self) -> float:
        return self.fastest

    def pixelFormat(self) -> QVideoFrameFormat.PixelFormat:
        return self.kind


JPEG = QVideoFrameFormat.PixelFormat.Format_Jpeg


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ((Form(1920, 1080), Form(640, 480), Form(1280, 720)), 1),
        ((Form(320, 240), Form(1280, 720), Form(1920, 1080)), 1),
        ((Form(640, 480, 10.0), Form(1280, 720)), 1),
        ((Form(640, 480, kind=JPEG), Form(640, 480)), 1),
        ((Form(640, 480, 30.0), Form(640, 480, 60.0)), 1),
    ],
)
def test_the_smallest_format_that_is_large_and_quick_enough_is_taken(offered, taken):
    assert enough(offered) is offered[taken]


def test_a_camera_without_such_a_format_chooses_by_itself():
    assert enough((Form(320, 240), Form(1920, 1080, 5.0))) is None


def test_a_wanted_format_is_taken_unpacked_where_there_is_a_choice():
    offered = (Form(640, 480), Form(1280, 720, 29.97002, JPEG), Form(1280, 720, 29.97002), Form(1280, 720, 10.0))
    assert chosen(offered, Format(1280, 720, 29.97)) is offered[2]
    assert chosen(offered, Format(1280, 720, 10.0)) is offered[3]
    assert chosen(offered, None) is offered[0]
    assert chosen(offered, Format(1920, 1080, 30.0)) is None


@pytest.mark.parametrize("text", ["640x480@30", "1280x720@29.97", "1920x1080@7.5"])
def test_a_format_reads_what_it_writes(text):
    assert str(Format.parse(text)) == text


@pytest.mark.parametrize("text", ["", "640x480", "640x480@", "x480@30", "640x480@30fps"])
def test_what_is_no_format_is_refused(text):
    with pytest.raises(ValueError, match="no format"):
        Format.parse(text)


def test_what_a_device_tells_is_a_camera_whose_formats_are_named_once():
    class Device:
        def description(self):
            return "Desk"

        def id(self):
            return QByteArray(b"desk")

        def videoFormats(self):
            return [Form(1280, 720), Form(640, 480), Form(640, 480, kind=JPEG)]

    camera = Camera.of(3, Device())
    assert camera == Camera(3, "Desk", b"desk".hex(), (Format(640, 480, 30.0), Format(1280, 720, 30.0)))
