import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QVideoFrame

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources import multimedia
from finetuner.frame_sources.stream import SHORT_SIDE, Stream, pixels_of


def image(width: int, height: int, colour: str = "red") -> QImage:
    drawn = QImage(width, height, QImage.Format.Format_RGB32)
    drawn.fill(QColor(colour))
    return drawn


@pytest.fixture
def stream(qapp):
    made = Stream("test")
    yield made
    made.stop()
    made.deleteLater()


def test_a_frame_arrives_as_rgb_pixels(stream):
    seen = []
    stream.arrived.connect(seen.append)
    stream.start()
    stream.sink.setVideoFrame(QVideoFrame(image(33, 20, "#ff8000")))
    (frame,) = seen
    assert frame.pixels.shape == (20, 33, 3)
    assert (abs(frame.pixels.astype(int) - (255, 128, 0)) <= 2).all()
    assert frame.name.startswith("test")


def test_before_start_and_after_stop_nothing_arrives(stream):
    seen = []
    stream.arrived.connect(seen.append)
    stream.sink.setVideoFrame(QVideoFrame(image(8, 8)))
    stream.start()
    stream.stop()
    stream.sink.setVideoFrame(QVideoFrame(image(8, 8)))
    assert seen == []


def test_an_empty_frame_is_passed_over(stream):
    seen = []
    stream.arrived.connect(seen.append)
    stream.start()
    stream.sink.setVideoFrame(QVideoFrame())
    assert seen == []


@pytest.mark.parametrize(
    ("size", "shape"), [((3840, 2160), (480, 853)), ((700, 2000), (1371, 480)), ((641, 480), (480, 641))]
)
def test_large_frames_are_scaled_to_their_short_side(qapp, size, shape):
    pixels = pixels_of(image(*size))
    assert pixels.shape[:2] == shape
    assert min(pixels.shape[:2]) <= SHORT_SIDE


def test_rows_that_are_padded_come_out_straight(qapp):
    drawn = image(5, 3, "black")
    drawn.setPixelColor(4, 2, QColor("white"))
    pixels = pixels_of(drawn)
    assert pixels[2, 4].tolist() == [255, 255, 255]
    assert pixels.sum() == 765


def test_pixels_outlive_their_frame(stream):
    seen = []
    stream.arrived.connect(seen.append)
    stream.start()
    for colour in ("red", "blue"):
        stream.sink.setVideoFrame(QVideoFrame(image(16, 16, colour)))
    assert [np.argmax(frame.pixels[0, 0]) for frame in seen] == [0, 2]


def test_a_frame_that_waited_while_a_newer_one_came_is_left_out(stream):
    seen = []
    stream.arrived.connect(seen.append)
    stream.start()
    old, new = (QVideoFrame(image(8, 8, colour)) for colour in ("red", "blue"))
    stream.sink.setVideoFrame(new)
    stream.sink.videoFrameChanged.emit(old)
    assert [np.argmax(frame.pixels[0, 0]) for frame in seen] == [2]


def test_the_last_frame_is_seen_though_the_sink_was_emptied_while_it_waited(stream):
    seen = []
    stream.arrived.connect(seen.append)
    stream.start()
    stream.sink.setVideoFrame(QVideoFrame())
    for colour in ("red", "blue"):
        stream.sink.videoFrameChanged.emit(QVideoFrame(image(8, 8, colour)))
    assert seen == []
    stream._finish()
    assert [np.argmax(frame.pixels[0, 0]) for frame in seen] == [2]


def test_missing_libraries_are_a_sentence(monkeypatch, qapp):
    def missing(name):
        raise ImportError("libpulse.so.0: cannot open shared object file")

    monkeypatch.setattr(multimedia, "import_module", missing)
    with pytest.raises(FinetunerError, match=r"cannot be used: libpulse\.so\.0"):
        Stream("test")
