import numpy as np
from PIL import Image

from finetuner.gui.bridge.images import from_array, load_image


def test_colours_and_places_survive():
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[0, 1] = (250, 20, 3)
    image = from_array(pixels[:, ::-1])
    assert (image.width(), image.height()) == (3, 2)
    assert image.pixelColor(1, 0).getRgb()[:3] == (250, 20, 3)


def test_a_thumbnail_fills_its_square(tmp_path):
    Image.new("RGB", (300, 200)).save(tmp_path / "a.png")
    image = load_image(str(tmp_path / "a.png"), 100)
    assert min(image.width(), image.height()) >= 100
    assert load_image(str(tmp_path / "a.png"), 0).width() == 300


def test_what_cannot_be_read_is_a_null_image(tmp_path):
    (tmp_path / "a.png").write_text("text")
    assert load_image(str(tmp_path / "a.png"), 64).isNull()
    assert load_image(str(tmp_path / "missing.png"), 0).isNull()
