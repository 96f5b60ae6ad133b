from pathlib import Path

import pytest
from PIL import Image

from finetuner.engine.dataset.thumbnails import thumbnail
from finetuner.engine.dataset.unreadable import UnreadableImage
from tests.hostile import photo, save_oriented, scene


@pytest.mark.parametrize(
    ("size", "expected"),
    [((640, 480), (96, 72)), ((300, 900), (32, 96)), ((30000, 10), (96, 1)), ((20, 10), (20, 10)), ((1, 1), (1, 1))],
)
def test_a_thumbnail_fits_its_square_and_never_grows(tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]):
    photo("thumb", size).save(tmp_path / "image.jpg")
    assert thumbnail(tmp_path / "image.jpg", 96).size == expected


def test_a_thumbnail_stands_upright(tmp_path: Path):
    save_oriented(tmp_path / "image.jpg", scene((480, 320)), 8)
    small = thumbnail(tmp_path / "image.jpg", 96)
    assert small.size == (96, 64)
    assert small.getpixel((10, 10)) == pytest.approx((255, 0, 0), abs=3)


def test_a_thumbnail_looks_like_the_image(tmp_path: Path):
    image = photo("same", (400, 300))
    image.save(tmp_path / "image.png")
    expected = image.resize((80, 60), Image.Resampling.BOX)
    small = thumbnail(tmp_path / "image.png", 80)
    difference = [abs(a - b) for a, b in zip(small.tobytes(), expected.tobytes(), strict=True)]
    assert sum(difference) / len(difference) < 2


def test_a_bad_file_has_no_thumbnail(tmp_path: Path):
    (tmp_path / "image.jpg").write_bytes(b"")
    with pytest.raises(UnreadableImage, match="empty"):
        thumbnail(tmp_path / "image.jpg", 96)
