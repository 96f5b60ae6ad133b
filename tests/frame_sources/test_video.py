"""Where in a video one is: the clip's frames 0 to 9 grow redder by 28, 25 a second."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from finetuner.frame_sources.frame import Frame
from finetuner.frame_sources.video import VideoStream


class Watched:
    def __init__(self, clip: Path) -> None:
        self.stream = VideoStream(str(clip), repeat=True)
        self.numbers: list[int] = []
        self.stream.arrived.connect(self._keep)
        self.stream.start()

    def _keep(self, frame: Frame) -> None:
        self.numbers.append(round(int(frame.pixels[30, 40, 0]) / 28))


@pytest.fixture
def video(qtbot: QtBot, clip: Path) -> Iterator[Watched]:
    """Playing, and paused after its first frame."""
    made = Watched(clip)
    qtbot.waitUntil(lambda: bool(made.numbers))
    made.stream.pause(True)
    yield made
    made.stream.stop()
    made.stream.deleteLater()


def test_a_paused_video_stays_and_goes_on(qtbot: QtBot, video: Watched) -> None:
    assert video.stream.paused
    video.stream.pause(False)
    assert not video.stream.paused
    seen = len(video.numbers)
    qtbot.waitUntil(lambda: len(video.numbers) > seen + 1)


def test_steps_lead_from_frame_to_frame(qtbot: QtBot, video: Watched) -> None:
    video.stream.seek(0.14)
    qtbot.waitUntil(lambda: 3 in video.numbers)
    for frames, wanted in ((1, 4), (1, 5), (-1, 4)):
        video.numbers.clear()
        video.stream.step(frames)
        qtbot.waitUntil(lambda wanted=wanted: video.numbers[-1:] == [wanted])
    assert video.stream.paused


def test_nothing_is_asked_of_a_video_that_is_over(video: Watched) -> None:
    video.stream.stop()
    video.stream.pause(False)
    video.stream.seek(0.2)
    video.stream.step(1)
    assert not video.stream.paused
