import pytest
from PySide6.QtGui import QImage

from finetuner.gui import theme
from finetuner.gui.pages import PAGES
from finetuner.gui.preview import picture
from tests.gui import fakes


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
