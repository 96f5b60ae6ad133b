import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetuner.engine import paths
from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError

SMALL = Preprocessing(input_size=28, crop_pct=0.875)


def draw(path: Path, size: tuple[int, int], colour: tuple[int, int, int] = (10, 20, 30)) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


def filled(files: list[Path], preprocessing: Preprocessing = SMALL) -> PixelCache:
    cache = PixelCache(files, preprocessing)
    assert list(cache.fill()) == list(range(1, len(files) + 1))
    return cache


def test_every_image_becomes_a_square_with_a_margin(tmp_path: Path) -> None:
    colours = [(10, 0, 0), (0, 20, 0), (0, 0, 30)]
    sizes = [(100, 40), (40, 100), (1, 1)]
    files = [draw(tmp_path / f"{number}.png", sizes[number], colours[number]) for number in range(3)]
    cache = filled(files)
    assert cache.pixels.shape == (3, 32, 32, 3)
    assert [tuple(cache.pixels[index].reshape(-1, 3).mean(0)) for index in range(3)] == colours
    assert cache.centre(0).shape == (28, 28, 3)
    assert cache.unreadable == {}


def test_the_square_is_the_image_s_centre(tmp_path: Path) -> None:
    pixels = np.zeros((20, 60, 3), np.uint8)
    pixels[:, 20:40] = 255
    Image.fromarray(pixels).save(tmp_path / "bar.png")
    assert (filled([tmp_path / "bar.png"]).pixels == 255).all()


def test_what_cannot_be_read_is_noted_and_the_rest_is_there(tmp_path: Path) -> None:
    good = draw(tmp_path / "good.png", (50, 50))
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    cache = filled([tmp_path / "gone.png", good, tmp_path / "bad.png"])
    assert sorted(cache.unreadable) == [0, 2]
    assert "gone.png" in cache.unreadable[0]
    assert "missing" in cache.unreadable[0]
    assert (cache.pixels[1] == (10, 20, 30)).all()


def test_filling_can_be_given_up(tmp_path: Path) -> None:
    files = [draw(tmp_path / f"{number}.png", (8, 8)) for number in range(100)]
    filling = PixelCache(files, SMALL).fill()
    assert next(filling) == 1
    filling.close()  # type: ignore[attr-defined]


def test_nothing_is_left_on_the_disk(tmp_path: Path) -> None:
    filled([draw(tmp_path / "a.png", (8, 8))])
    assert list(paths.cache_dir().iterdir()) == []


def test_no_images_are_no_trouble() -> None:
    assert filled([]).unreadable == {}


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system cannot reserve room")
def test_a_disk_without_room_is_told_of_before_the_first_pixel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(FinetunerError, match=r"no room for 0 MB of decoded images"):
        PixelCache([tmp_path / "a.png"], SMALL)
