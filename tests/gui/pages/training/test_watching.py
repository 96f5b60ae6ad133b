"""The watched image: added epoch by epoch, scrubbed, played."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from finetuner.engine.events import Watched
from finetuner.gui.pages.training import TrainingPage
from finetuner.gui.pages.training.watching import Watching
from finetuner.gui.preview import demo_run
from finetuner.gui.widgets.film_strip import GAP, SIDE, FilmStrip
from tests.gui.fakes import FakeTask


def watched(run: Path, epoch: int) -> Watched:
    name = f"watch/{epoch}.png"
    (run / "watch").mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (32, 32), (20 * epoch, 0, 0)).save(run / name)
    top = (("ants", 0.5 + epoch / 20), ("bees", 0.5 - epoch / 20))
    return Watched(epoch=epoch, image="photos/ant.jpg", truth="ants", top=top, picture=name)


@pytest.fixture
def view(qtbot, tmp_path: Path) -> Watching:
    made = Watching()
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    made.begin(tmp_path)
    return made


@pytest.fixture
def three(view: Watching, tmp_path: Path) -> Watching:
    for epoch in (1, 2, 3):
        view.add(watched(tmp_path, epoch))
    return view


def test_it_follows_the_newest_epoch(three: Watching) -> None:
    assert three.heading.text() == "Epoch 3"
    assert three.bars.top[0] == ("ants", 0.65)
    assert three.picture.image.pixelColor(1, 1).red() == 60
    assert three.strip.current == 2


def test_who_looks_back_is_not_disturbed(three: Watching, tmp_path: Path) -> None:
    three.slider.setValue(0)
    three.add(watched(tmp_path, 4))
    assert three.heading.text() == "Epoch 1"
    assert three.slider.maximum() == 3


def test_an_epoch_told_again_after_a_resume_takes_the_place_of_the_first(three: Watching, tmp_path: Path) -> None:
    three.add(watched(tmp_path, 2))
    assert [frame.epoch for frame in three.frames] == [1, 2]
    assert len(three.strip.frames) == 2


def test_it_plays_from_the_beginning_to_the_end(three: Watching, qtbot) -> None:
    three._clock.setInterval(1)
    seen = []
    three.slider.valueChanged.connect(seen.append)
    three.play.click()
    assert three.playing
    qtbot.waitUntil(lambda: not three.playing)
    assert seen == [0, 1, 2]


def test_playing_stops_out_of_sight(three: Watching) -> None:
    three.play.click()
    three.hide()
    assert not three.playing


def test_one_picture_is_shown_without_anything_to_play(view: Watching, tmp_path: Path) -> None:
    view.add(watched(tmp_path, 1))
    assert view.heading.text() == "Epoch 1"
    assert not view.play.isEnabled()
    assert not view.slider.isEnabled()


def test_the_strip_scrubs(three: Watching, qtbot) -> None:
    qtbot.mouseClick(three.strip, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert three.heading.text() == "Epoch 1"
    qtbot.keyClick(three.strip, Qt.Key.Key_Right)
    assert three.heading.text() == "Epoch 2"


def test_a_long_strip_shows_some_of_all_and_the_last(qtbot) -> None:
    strip = FilmStrip("frames")
    qtbot.addWidget(strip)
    strip.resize(5 * (SIDE + GAP), 100)
    for number in range(100):
        strip.add(QImage(3, 3, QImage.Format.Format_RGB32), f"epoch {number + 1}")
    assert strip.shown() == [0, 25, 50, 74, 99]


def test_the_page_shows_the_watched_image_also_when_it_is_opened_late(qtbot, session, tmp_path) -> None:
    events = [*demo_run.events(tmp_path, until=2), watched(tmp_path, 1), watched(tmp_path, 2)]
    task = FakeTask(events, endless=True)
    session.training.attach(tmp_path, lambda path: task)
    qtbot.waitUntil(lambda: len(session.training.events) == len(events))
    page = TrainingPage(session)
    qtbot.addWidget(page)
    assert [frame.epoch for frame in page.watching.frames] == [1, 2]
    session.training.stop()
    qtbot.waitUntil(lambda: not session.training.running)
    assert len(page.watching.frames) == 2


def test_another_image_is_watched_in_the_next_run(qtbot, session, tmp_path, monkeypatch) -> None:
    page = TrainingPage(session)
    qtbot.addWidget(page)
    assert session.job.watching.watch == "auto"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "ant.jpg"), ""))
    page.watching.choose.click()
    assert session.job.watching.image == tmp_path / "ant.jpg"
