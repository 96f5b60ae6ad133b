import errno
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetuner.engine.dataset import cache as module
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
    assert [cache.square(index).shape for index in range(3)] == [(32, 32, 3)] * 3
    assert [tuple(cache.square(index).reshape(-1, 3).mean(0)) for index in range(3)] == colours
    assert cache.centre(0).shape == (28, 28, 3)
    assert cache.unreadable == {}


def test_the_square_is_the_image_s_centre(tmp_path: Path) -> None:
    pixels = np.zeros((20, 60, 3), np.uint8)
    pixels[:, 20:40] = 255
    Image.fromarray(pixels).save(tmp_path / "bar.png")
    assert (filled([tmp_path / "bar.png"]).square(0) == 255).all()


def test_what_cannot_be_read_is_noted_and_the_rest_is_there(tmp_path: Path) -> None:
    good = draw(tmp_path / "good.png", (50, 50))
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    cache = filled([tmp_path / "gone.png", good, tmp_path / "bad.png"])
    assert sorted(cache.unreadable) == [0, 2]
    assert "gone.png" in cache.unreadable[0]
    assert "missing" in cache.unreadable[0]
    assert (cache.square(1) == (10, 20, 30)).all()


@pytest.mark.skipif(sys.platform == "win32", reason="no devices or pipes among its files")
def test_only_an_ordinary_file_is_read_for_its_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "endless.png").symlink_to("/dev/zero")
    summed: list[str] = []
    monkeypatch.setattr(module, "sha256_of", lambda file: summed.append(file.name) or "")
    cache = filled([tmp_path / "pipe.png", tmp_path / "endless.png", draw(tmp_path / "good.png", (8, 8))])
    assert sorted(cache.unreadable) == [0, 1]
    assert summed == ["good.png"]


def test_filling_can_be_given_up(tmp_path: Path) -> None:
    files = [draw(tmp_path / f"{number}.png", (8, 8)) for number in range(100)]
    filling = PixelCache(files, SMALL).fill()
    assert next(filling) == 1
    filling.close()  # type: ignore[attr-defined]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are decoded from now on."""
    decoded: list[Path] = []
    real = module.open_rgb

    def noted(path: Path, at_least: int | None = None) -> Image.Image:
        decoded.append(path)
        return real(path, at_least)

    monkeypatch.setattr(module, "open_rgb", noted)
    return decoded


def test_another_run_decodes_nothing_and_sees_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [draw(tmp_path / f"{number}.png", (40, 30), (number, 0, 0)) for number in range(6)]
    first = PixelCache(files, SMALL, judged_from=4)
    assert list(first.fill())[-1] == 6
    decoded = counted(monkeypatch)
    moved = [path.rename(path.with_name(f"moved-{path.name}")) for path in reversed(files[:4])][::-1]
    second = PixelCache([*moved, *files[4:]], SMALL, judged_from=4)
    assert list(second.fill())[-1] == 6
    assert decoded == []
    assert all(np.array_equal(first.square(index), second.square(index)) for index in range(6))
    assert first.contents == second.contents


def test_a_changed_file_and_another_size_are_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [draw(tmp_path / f"{number}.png", (40, 30), (number, 0, 0)) for number in range(3)]
    filled(files)
    decoded = counted(monkeypatch)
    draw(files[1], (40, 30), (200, 0, 0))
    assert filled(files).square(1)[0, 0, 0] == 200
    assert decoded == [files[1]]
    filled(files, Preprocessing(input_size=32))
    assert len(decoded) == 4


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = draw(tmp_path / "a.png", (40, 30))
    real = module.open_rgb
    monkeypatch.setattr(module, "open_rgb", lambda path, at_least=None: real(draw(path, (41, 31), (9, 9, 9)), at_least))
    assert filled([file]).contents == [""]
    monkeypatch.setattr(module, "open_rgb", real)
    decoded = counted(monkeypatch)
    filled([file])
    assert decoded == [file]


def test_giving_up_keeps_what_was_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [draw(tmp_path / f"{number}.png", (8, 8), (number, 0, 0)) for number in range(40)]
    filling = PixelCache(files, SMALL).fill()
    assert [next(filling) for _ in range(20)][-1] == 20
    filling.close()  # type: ignore[attr-defined]
    decoded = counted(monkeypatch)
    filled(files)
    assert len(decoded) <= 20


def test_no_images_are_no_trouble() -> None:
    assert filled([]).unreadable == {}


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system cannot reserve room")
def test_a_disk_without_room_is_told_of_before_the_first_pixel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(FinetunerError, match=r"no room for 0 MB of decoded images"):
        next(PixelCache([tmp_path / "a.png"], SMALL).fill())
