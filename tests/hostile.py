"""A folder as the world delivers it: every kind of file that has broken an image scanner, with the right answer.

`build_hostile(folder)` fills `folder` with two classes and returns what a scan must say of each file. Tests of
scanning, training and prediction share it.
"""

import os
import random
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

TURN_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera lays down the pixels of an upright scene when it writes this EXIF orientation."""


@dataclass
class Hostile:
    """What was built. Keys are paths relative to `folder`; `refused` maps to words the reason must contain."""

    folder: Path
    usable: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        return len(self.usable) + len(self.refused)


def build_hostile(folder: Path) -> Hostile:
    """Fill `folder`, which must be empty or missing."""
    hostile = Hostile(folder)
    for name in ("ants", "bees"):
        (folder / name / "nested").mkdir(parents=True)
        for index in range(5):
            _use(hostile, f"{name}/plain{index}.jpg", photo(f"{name}{index}"), quality=90)
        _use(hostile, f"{name}/nested/deep.png", photo(f"{name}-deep"))
    _add_odd_but_usable(hostile)
    _add_unusable(hostile)
    _add_links(hostile)
    _add_invisible(folder)
    return hostile


@contextmanager
def without_privileges(folder: Path) -> Iterator[None]:
    """Root may open everything, so become nobody for a while; what leads to `folder` must be open to all."""
    if os.geteuid() != 0:
        yield
        return
    modes = {parent: parent.stat().st_mode for parent in (folder, *folder.parents)}
    for parent, mode in modes.items():
        if not mode & 0o001:
            parent.chmod(mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for parent, mode in modes.items():
            parent.chmod(mode)


def photo(seed: str, size: tuple[int, int] = (96, 64)) -> Image.Image:
    """A smooth random colour picture with enough texture to be told from others."""
    source = np.random.default_rng(list(seed.encode("utf-8", "replace")))
    coarse = source.integers(0, 256, (8, 12, 3), dtype=np.uint8)
    return Image.fromarray(coarse, "RGB").resize(size, Image.Resampling.BICUBIC)


def scene(size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Four coloured quarters: red, green above blue, white. No two orientations look the same."""
    image = Image.new("RGB", size, (255, 0, 0))
    width, height = size[0] // 2, size[1] // 2
    for corner, colour in {(width, 0): (0, 255, 0), (0, height): (0, 0, 255), (width, height): (255, 255, 255)}.items():
        image.paste(colour, (corner[0], corner[1], corner[0] + width, corner[1] + height))
    return image


def save_oriented(path: Path, upright: Image.Image, orientation: int, **options: object) -> None:
    """Save `upright` as a camera held that way would: turned pixels and an EXIF tag."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    turn = TURN_BACK.get(orientation)
    stored = upright if turn is None else upright.transpose(turn)
    stored.save(path, exif=exif, **options)


def png_bomb(width: int, height: int) -> bytes:
    """A valid 1-bit PNG of zeros: a few kilobytes that unpack to `width` x `height` pixels."""
    rows = zlib.compress(bytes((1 + (width + 7) // 8) * height), 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _use(hostile: Hostile, name: str, image: Image.Image, **options: object) -> None:
    image.save(hostile.folder / name, **options)
    hostile.usable.add(name)


def _refuse(hostile: Hostile, name: str, content: bytes, reason: str) -> None:
    (hostile.folder / name).write_bytes(content)
    hostile.refused[name] = reason


def _add_odd_but_usable(hostile: Hostile) -> None:
    _use(hostile, "ants/one-pixel.png", Image.new("RGB", (1, 1), (200, 30, 30)))
    _use(hostile, "ants/30000x10.png", photo("strip", (30000, 10)))
    _use(hostile, "ants/cmyk.jpg", photo("cmyk").convert("CMYK"))
    _use(hostile, "ants/sixteen-bit.png", Image.fromarray(_ramp(np.uint16, 65535)))
    _use(hostile, "ants/sixteen-bit.tif", Image.fromarray(_ramp(np.uint16, 40000)))
    _use(hostile, "bees/float.tif", Image.fromarray(_ramp(np.float32, 1)))
    _use(hostile, "bees/one-bit.png", photo("one-bit").convert("1"))
    _use(hostile, "bees/palette-alpha.png", _see_through().quantize(16))
    _use(hostile, "bees/grey-alpha.png", _see_through().convert("LA"))
    _use(hostile, "bees/png-named.jpg", photo("misnamed"), format="PNG")
    _use(hostile, "bees/animated.gif", photo("frame1"), save_all=True, append_images=[photo("frame2")])
    _use(hostile, "bees/picture.webp", photo("webp"))
    _use(hostile, "bees/picture.bmp", photo("bmp"))
    _use(hostile, "bees/" + "long" * 55 + ".png", photo("long name"))
    _use(hostile, "bees/\U0001f41d \u05d0\u05d1 ante\u0301.png", photo("emoji"))
    for orientation in range(1, 9):
        name = f"ants/exif{orientation}.jpg"
        save_oriented(hostile.folder / name, photo(f"exif{orientation}"), orientation)
        hostile.usable.add(name)
    if sys.platform == "linux":  # other systems refuse such names
        _use(hostile, "bees/" + os.fsdecode(b"caf\xe9-\xff.png"), photo("bytes"))


def _add_unusable(hostile: Hostile) -> None:
    jpeg = (hostile.folder / "ants/plain0.jpg").read_bytes()
    png = (hostile.folder / "ants/nested/deep.png").read_bytes()
    noise = random.Random(0).randbytes(5000)
    _refuse(hostile, "ants/empty.jpg", b"", "empty")
    _refuse(hostile, "ants/text.jpg", b"this is not a picture\n" * 20, "text")
    _refuse(hostile, "ants/drawing.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG")
    _refuse(hostile, "ants/script.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n(hello) show\n", "PostScript")
    _refuse(hostile, "ants/noise.jpg", b"\x01\x02" + noise, "no known image format")
    _refuse(hostile, "ants/truncated.jpg", jpeg[: len(jpeg) // 2], "truncated")
    _refuse(hostile, "ants/truncated.png", png[: len(png) // 2], "truncated")
    _refuse(hostile, "ants/header-only.jpg", jpeg[:4], "cut short")
    _refuse(hostile, "ants/damaged.png", png[:60] + noise[:400] + png[460:], "damaged")
    _refuse(hostile, "bees/bomb-56.png", png_bomb(8000, 7000), "over 50 megapixels")
    _refuse(hostile, "bees/bomb-169.png", png_bomb(13000, 13000), "over 50 megapixels")
    _refuse(hostile, "bees/bomb-400.png", png_bomb(20000, 20000), "over 50 megapixels")
    _refuse(hostile, "bees/notes.csv", b"a,b\n1,2\n", "text")
    _refuse(hostile, "readme.txt", b"hello", "no class folder")
    photo("stray").save(hostile.folder / "stray.png")
    hostile.refused["stray.png"] = "no class folder"


def _add_links(hostile: Hostile) -> None:
    folder = hostile.folder
    if sys.platform == "win32":
        return
    os.mkfifo(folder / "ants/pipe.jpg")
    hostile.refused["ants/pipe.jpg"] = "not a regular file"
    (folder / "ants/nested/loop").symlink_to("..")
    hostile.refused["ants/nested/loop"] = "another name of the folder ants"
    (folder / "bees/up").symlink_to(folder)
    hostile.refused["bees/up"] = "another name of the folder ."
    (folder / "bees/broken.jpg").symlink_to("gone.jpg")
    hostile.refused["bees/broken.jpg"] = "leads nowhere"
    (folder / "bees/outside").symlink_to(folder.parent)
    hostile.refused["bees/outside"] = "out of the chosen folder"
    (folder / "bees/also-ant.jpg").symlink_to("../ants/plain0.jpg")
    hostile.refused["bees/also-ant.jpg"] = "another name of ants/plain0.jpg"
    os.link(folder / "ants/plain1.jpg", folder / "bees/linked.jpg")
    hostile.refused["bees/linked.jpg"] = "another name of ants/plain1.jpg"


def _add_invisible(folder: Path) -> None:
    for name in (".git", "@eaDir", "__MACOSX", "ants/.ipynb_checkpoints"):
        (folder / name).mkdir()
        photo(name).save(folder / name / "cached.png")
    for name in (".DS_Store", "ants/Thumbs.db", "bees/desktop.ini", "bees/._plain0.jpg"):
        (folder / name).write_bytes(b"\x00\x01system")


def _ramp(kind: type, top: float) -> np.ndarray:
    return np.linspace(0, top, 96 * 64).reshape(64, 96).astype(kind)


def _see_through() -> Image.Image:
    image = photo("see-through").convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image
