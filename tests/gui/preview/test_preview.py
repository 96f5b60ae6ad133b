import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from finetuner.engine.events import ConceptTested, StyleTransferred
from finetuner.engine.requests import ConceptRequest, StyleRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui import theme
from finetuner.gui.pages import PAGES
from finetuner.gui.preview import demo, picture
from tests.gui import fakes
from tests.gui.pages.finished_run import finished_run


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch):
    monkeypatch.setattr(picture, "_REST_MS", 30)
    monkeypatch.setattr(picture, "_PATIENCE_MS", 500)


@pytest.mark.parametrize("key", list(PAGES))
def test_every_page_can_be_pictured_with_demo_data(qapp, qtbot, tmp_path, key):
    theme.apply(qapp, "light")
    fakes.images(tmp_path / "insects")
    picture.take(key, tmp_path / "page.png", 1080, 800, False, tmp_path / "insects", empty=False)
    assert colours_of(tmp_path / "page.png") > 8


def test_so_can_the_window_around_it(qapp, qtbot, tmp_path):
    theme.apply(qapp, "dark")
    fakes.images(tmp_path / "insects")
    picture.take("runs", tmp_path / "window.png", 1280, 800, True, tmp_path / "insects", empty=False)
    image = QImage(str(tmp_path / "window.png"))
    assert (image.width(), image.height()) == (1280, 800)
    assert image.pixelColor(4, 400).name() == theme.colours().rail


def test_a_first_start_can_be_pictured(qapp, qtbot, tmp_path):
    theme.apply(qapp, "dark")
    picture.take("dataset", tmp_path / "page.png", 1000, 700, False, None, empty=True)
    assert QImage(str(tmp_path / "page.png")).pixelColor(2, 2).name() == theme.colours().window


def colours_of(path):
    image = QImage(str(path))
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)})


def test_the_demo_says_something_of_each_class_about_a_concept(tmp_path):
    run = finished_run(tmp_path)
    request = ConceptRequest(run=run, concept=tmp_path / "stripes", random=tmp_path / "others")
    *_, tested = demo.DEMO["concept"](request)
    assert isinstance(tested, ConceptTested)
    assert [score.label for score in tested.scores] == list(RunFolder(run).classes)
    assert tested.scores[0].sentence.startswith("stripes speaks for ants")


def test_the_demo_paints_in_the_colours_of_the_style(tmp_path):
    for name, first in (("photo", 0), ("style", 120)):
        ramp = np.tile(np.linspace(first, first + 60, 40, dtype=np.uint8)[None, :, None], (30, 1, 3))
        Image.fromarray(ramp).save(tmp_path / f"{name}.png")
    request = StyleRequest(content=tmp_path / "photo.png", style=tmp_path / "style.png", out=tmp_path / "out.png")
    *_, painted = demo.DEMO["style-transfer"](request)
    assert isinstance(painted, StyleTransferred)
    with Image.open(painted.path) as made:
        assert made.size == (40, 30)
        assert abs(np.asarray(made).mean() - 150) < 2
