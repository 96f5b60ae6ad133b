"""What is kept of what was seen: decisions, pictures, videos."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from finetuner.engine.errors import FinetunerError
from finetuner.engine.paths import captures_dir
from finetuner.engine.prediction.steadiness import STILL
from finetuner.frame_sources.frame import Frame
from finetuner.frame_sources.source import open_source
from finetuner.gui.pages.live import LivePage, captures
from finetuner.gui.pages.live.captures import DECISIONS
from finetuner.gui.pages.live.recorder import Recorder
from tests.gui.pages.live.fakes import FakeSources
from tests.gui.pages.live.looking import enter, stream_of

pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)


def answered(qtbot: QtBot, page: LivePage, sources: FakeSources, *values: int) -> None:
    """Send these brightnesses, each answered before the next."""
    for value in values:
        with qtbot.waitSignal(page.viewing.answered):
            stream_of(sources).send(value)


@pytest.fixture
def looking(qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path]) -> LivePage:
    page.answerer.steadiness = STILL
    enter(qtbot, page, opened)
    return page


def test_each_change_of_the_label_is_kept_newest_first(qtbot: QtBot, looking: LivePage, sources: FakeSources) -> None:
    answered(qtbot, looking, sources, 10, 20, 200, 210, 30)
    assert [moment.answer.label for moment in looking.captures.decisions] == ["ants", "bees", "ants"]
    strip = looking.captures.strip.moments
    assert [title for _, title, _ in strip] == ["ants", "bees", "ants"]
    times = [f"{moment.time:%H:%M:%S}" for moment in looking.captures.decisions]
    shares = ["80.0\u202f%", "70.0\u202f%", "80.0\u202f%"]
    assert [note for *_, note in strip] == [f"{share}  {time}" for share, time in zip(shares, times, strict=True)]


def test_only_the_last_decisions_are_kept(qtbot: QtBot, looking: LivePage, sources: FakeSources) -> None:
    answered(qtbot, looking, sources, *(value for _ in range(DECISIONS) for value in (10, 200)))
    assert len(looking.captures.decisions) == len(looking.captures.strip.moments) == DECISIONS


def test_a_picture_is_saved_with_its_label_in_it_and_beside_it(
    qtbot: QtBot, looking: LivePage, sources: FakeSources
) -> None:
    with qtbot.waitSignal(looking.viewing.answered):
        stream_of(sources).arrived.emit(Frame(np.full((96, 128, 3), 200, np.uint8), "a frame"))
    looking.captures.snapshot.click()
    (file,) = captures_dir().glob("*.png")
    with Image.open(file) as picture:
        told = json.loads(picture.info["finetuner"])
        assert picture.size == (128, 96)
        assert picture.convert("L").getpixel((120, 10)) == 200
        assert picture.convert("L").getpixel((120, 94)) < 120
    assert (told["label"], told["source"], told["model"]) == ("bees", "Desk", "leaves-probe")
    assert told["probability"] == pytest.approx(0.7)
    assert str(file) in looking.notice.text


def test_a_decision_opens_large_and_can_be_saved(qtbot: QtBot, looking: LivePage, sources: FakeSources) -> None:
    answered(qtbot, looking, sources, 10, 200)
    opened: list[int] = []
    looking.captures.strip.opened.connect(opened.append)
    qtbot.mouseClick(looking.captures.strip, Qt.MouseButton.LeftButton, pos=QPoint(120, 20))
    qtbot.keyClick(looking.captures.strip, Qt.Key.Key_Left)
    qtbot.keyClick(looking.captures.strip, Qt.Key.Key_Return)
    assert opened == [1, 0]
    large = looking.captures.show_large(1)
    assert large.windowTitle().startswith("ants")
    large.save.click()
    (file,) = captures_dir().glob("*.png")
    with Image.open(file) as picture:
        assert json.loads(picture.info["finetuner"])["label"] == "ants"


def test_a_folder_that_cannot_be_written_is_a_sentence(
    qtbot: QtBot, looking: LivePage, sources: FakeSources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(captures, "captures_dir", lambda: tmp_path / "file" / "folder")
    answered(qtbot, looking, sources, 200)
    looking.captures.save_picture()
    assert "The picture could not be saved" in looking.notice.text
    looking.captures.toggle_recording()
    assert "cannot be written to" in looking.notice.text


def test_a_video_is_recorded_while_it_is_shown(qtbot: QtBot, looking: LivePage, sources: FakeSources) -> None:
    looking.captures.record.click()
    assert looking.captures.recorder.running
    answered(qtbot, looking, sources, *range(0, 250, 10))
    with qtbot.waitSignal(looking.captures.saved):
        looking.stop()
    (file,) = captures_dir().iterdir()
    with open_source(str(file)) as frames:
        shown = [int(frame.pixels[0, 0, 0]) for frame in frames]
    assert shown
    assert shown == sorted(shown)


@pytest.fixture
def recorder(qapp: object) -> Recorder:
    return Recorder()


def picture(side: int) -> QImage:
    made = QImage(side, side, QImage.Format.Format_RGB32)
    made.fill(0)
    return made


def test_a_video_without_pictures_leaves_no_file(recorder: Recorder, tmp_path: Path) -> None:
    troubles: list[FinetunerError] = []
    recorder.failed.connect(troubles.append)
    recorder.start(tmp_path / "empty.mp4")
    recorder.stop()
    assert [error.sentence for error in troubles] == ["The video could not be recorded: no picture came."]
    assert list(tmp_path.iterdir()) == []


def take(recorder: Recorder, side: int) -> int:
    """How many pictures are taken, after one more was offered."""
    recorder.add(picture(side))
    return recorder.taken


def test_pictures_of_another_size_are_brought_to_the_first(qtbot: QtBot, recorder: Recorder, tmp_path: Path) -> None:
    recorder.start(tmp_path / "two.mp4")
    for side in (33, 64, 16):
        taken_already = recorder.taken
        qtbot.waitUntil(lambda side=side, before=taken_already: take(recorder, side) > before)
    with qtbot.waitSignal(recorder.saved):
        recorder.stop()
    with open_source(str(tmp_path / "two.mp4")) as frames:
        assert next(frames).pixels.shape == (32, 32, 3)


def test_a_system_without_an_encoder_says_so(
    recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtMultimedia import QMediaFormat

    monkeypatch.setattr(QMediaFormat, "supportedVideoCodecs", lambda form, mode: [])
    with pytest.raises(FinetunerError, match="cannot write videos"):
        recorder.start(tmp_path / "none.mp4")
    assert not recorder.running
