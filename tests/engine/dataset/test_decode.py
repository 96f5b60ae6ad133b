import io
import os
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from finetuner.engine.dataset.decode import decode, open_rgb
from finetuner.engine.dataset.unreadable import UnreadableImage
from tests.hostile import photo, png_bomb, save_oriented, scene

DAMAGED_EXIF = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x63\0\xff\xff\xff\xff\x01" * 4


def encoded(image: Image.Image, plugin: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, plugin, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_every_orientation_comes_upright(tmp_path: Path, plugin: str, orientation: int):
    options = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True}}.get(plugin, {})
    save_oriented(tmp_path / "image", scene(), orientation, format=plugin, **options)
    decoded = decode(tmp_path / "image")
    assert (decoded.width, decoded.height) == decoded.image.size == scene().size
    difference = np.abs(np.asarray(decoded.image, int) - np.asarray(scene(), int))
    assert difference.max() <= 3


def test_a_turned_photo_decoded_small_is_upright_too(tmp_path: Path):
    save_oriented(tmp_path / "image", scene((960, 640)), 6, format="JPEG")
    decoded = decode(tmp_path / "image", at_least=100)
    assert (decoded.width, decoded.height) == (960, 640)
    assert decoded.image.size == (240, 160)
    assert np.asarray(decoded.image)[20, 20].tolist() == pytest.approx([255, 0, 0], abs=3)


@pytest.mark.parametrize(
    ("at_least", "size"),
    [(None, (640, 480)), (200, (320, 240)), (240, (320, 240)), (60, (80, 60)), (1, (80, 60)), (500, (640, 480))],
)
def test_a_jpeg_shrinks_only_as_far_as_allowed(tmp_path: Path, at_least: int | None, size: tuple[int, int]):
    photo("large", (640, 480)).save(tmp_path / "image.jpg")
    assert open_rgb(tmp_path / "image.jpg", at_least).size == size


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".bmp", ".gif", ".txt", ""])
def test_content_tells_the_format_whatever_the_name(tmp_path: Path, plugin: str, suffix: str):
    path = tmp_path / f"image{suffix}"
    path.write_bytes(encoded(photo("any"), plugin))
    assert decode(path).format.plugin == plugin


def test_heic_is_read_where_the_extra_is_installed(tmp_path: Path):
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.from_pillow(photo("heic")).save(tmp_path / "image.jpg", quality=90)
    decoded = decode(tmp_path / "image.jpg")
    assert decoded.format.name == "HEIC"
    assert decoded.image.size == (96, 64)


def test_heic_without_the_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("finetuner.engine.dataset.formats._register_heif", lambda: False)
    (tmp_path / "image.heic").write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64))
    with pytest.raises(UnreadableImage, match="pip install pillow-heif"):
        open_rgb(tmp_path / "image.heic")


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
@pytest.mark.parametrize("at_least", [None, 8])
def test_a_cut_file_is_never_used(tmp_path: Path, plugin: str, at_least: int | None):
    whole = encoded(photo("cut", (256, 192)), plugin)
    for percent in range(100):
        (tmp_path / "image").write_bytes(whole[: len(whole) * percent // 100])
        with pytest.raises(UnreadableImage):
            open_rgb(tmp_path / "image", at_least)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_progressive_jpeg_decoded_small_is_read_to_its_end(tmp_path: Path):
    whole = encoded(photo("progressive", (512, 384)), "JPEG", progressive=True)
    (tmp_path / "image").write_bytes(whole[: len(whole) * 98 // 100])
    with pytest.raises(UnreadableImage, match="truncated"):
        open_rgb(tmp_path / "image", at_least=32)


@pytest.mark.parametrize("size", [(8000, 6251), (12000, 10000), (20000, 20000)])
def test_a_bomb_is_refused_by_its_header(tmp_path: Path, size: tuple[int, int]):
    (tmp_path / "image.png").write_bytes(png_bomb(*size))
    with pytest.raises(UnreadableImage, match="over 50 megapixels"):
        open_rgb(tmp_path / "image.png")


def test_pillows_warnings_reach_no_terminal(tmp_path: Path):
    """In a process of its own with every warning switched on, since pytest turns warnings into errors."""
    (tmp_path / "bomb.png").write_bytes(png_bomb(12000, 10000))
    photo("exif").save(tmp_path / "exif.jpg", exif=DAMAGED_EXIF)
    script = f"""
from pathlib import Path
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.unreadable import UnreadableImage
assert open_rgb(Path({str(tmp_path)!r}) / "exif.jpg").size == (96, 64)
try:
    open_rgb(Path({str(tmp_path)!r}) / "bomb.png")
except UnreadableImage as refusal:
    print(refusal.reason)
"""
    answer = subprocess.run([sys.executable, "-W", "always", "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout == "over 50 megapixels (12000 × 10000 = 120 megapixels)\n"
    assert answer.stderr == ""


def test_fifty_megapixels_are_just_allowed(tmp_path: Path):
    (tmp_path / "image.png").write_bytes(png_bomb(10_000, 5_000))
    assert open_rgb(tmp_path / "image.png").size == (10_000, 5_000)


def test_a_text_chunk_bomb_is_refused(tmp_path: Path):
    png = encoded(photo("text bomb"), "PNG")
    text = b"note\0\0" + zlib.compress(bytes(80_000_000), 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    (tmp_path / "image.png").write_bytes(png[:33] + chunk + png[33:])
    with pytest.raises(UnreadableImage):
        open_rgb(tmp_path / "image.png")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF:UserWarning")
def test_damaged_exif_does_not_cost_the_picture(tmp_path: Path):
    photo("exif").save(tmp_path / "image.jpg", exif=DAMAGED_EXIF)
    assert open_rgb(tmp_path / "image.jpg").size == (96, 64)


def test_only_the_first_frame_counts(tmp_path: Path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(tmp_path / "image.gif", save_all=True, append_images=frames[1:])
    frames[0].save(tmp_path / "image.tif", save_all=True, append_images=frames[1:])
    for name in ("image.gif", "image.tif"):
        decoded = decode(tmp_path / name)
        assert decoded.animated
        assert decoded.image.getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize(("make", "reason"), [(lambda path: None, "missing"), (Path.mkdir, "cannot be read")])
def test_what_is_no_file_is_unreadable(tmp_path: Path, make, reason: str):
    make(tmp_path / "image.jpg")
    with pytest.raises(UnreadableImage, match=reason) as refusal:
        open_rgb(tmp_path / "image.jpg")
    assert refusal.value.sentence.startswith("The image image.jpg cannot be used: ")


def test_a_file_called_truncated_is_not_called_truncated(tmp_path: Path):
    (tmp_path / "truncated.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\xff" * 100)
    with pytest.raises(UnreadableImage) as refusal:
        open_rgb(tmp_path / "truncated.png")
    assert refusal.value.reason == "damaged or cut short: its content cannot be decoded"


def test_mutated_files_never_crash(tmp_path: Path):
    """Seeded byte noise over every format: pixels or UnreadableImage, nothing else."""
    random = np.random.default_rng(7)
    for plugin in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"):
        whole = np.frombuffer(encoded(photo("mutant"), plugin), np.uint8)
        for _ in range(40):
            mutant = whole.copy()
            places = random.integers(0, len(mutant), random.integers(1, 8))
            mutant[places] = random.integers(0, 256, len(places))
            (tmp_path / "image").write_bytes(mutant.tobytes())
            with suppress(UnreadableImage):
                assert open_rgb(tmp_path / "image", 16).mode == "RGB"


def test_many_threads_read_the_same_pixels(tmp_path: Path):
    for index in range(8):
        photo(str(index)).save(tmp_path / f"{index}.jpg")
    paths = sorted(tmp_path.iterdir()) * 10
    with ThreadPoolExecutor(8) as pool:
        together = [image.tobytes() for image in pool.map(open_rgb, paths)]
    assert together == [open_rgb(path).tobytes() for path in paths]


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes or devices among its files")
def test_nobody_waits_at_a_pipe_or_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "device.jpg").symlink_to("/dev/zero")
    for name in ("pipe.jpg", "device.jpg"):
        with pytest.raises(UnreadableImage, match="not a regular file"):
            open_rgb(tmp_path / name)
