"""How long a scan of many small files takes, beside a bare walk that reads each image's header.

    python -m benchmarks scan --count 60000 --rounds 3

Draws its own files: 64 pixels, JPEG, about 2 KB, in 200 class folders. In every round each contender has its turn in
a process of its own, so that no one inherits a warm heap. The bare walk is `os.walk` and `PIL.Image.open(file).size`
in one thread.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image

from benchmarks.table import machine, print_table

CLASSES = 200
SIDE = 64
SETTLED_SECONDS = 2.5
"""Files younger than this are not remembered by the ledger."""


def measure(arguments: argparse.Namespace) -> None:
    print(f"{machine()}\n")
    with tempfile.TemporaryDirectory(prefix="finetuner-scan-") as place:
        folder = draw(Path(place) / "data", arguments.count)
        time.sleep(SETTLED_SECONDS)
        told = [_round(folder, Path(place)) for _ in range(arguments.rounds)]
    header = ("", "seconds", "times the walk", "images a second", "processor seconds", "first images after, s")
    print_table(header, _rows(told, arguments.count))


def draw(folder: Path, count: int) -> Path:
    """`count` small pictures that differ, none of which takes long to make."""
    dice = random.Random(0)
    for number in range(count):
        place = folder / f"class-{number % CLASSES:03}" / f"{number:06}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(_picture(dice))
    return folder


def _picture(dice: random.Random) -> bytes:
    image = Image.frombytes("RGB", (12, 12), dice.randbytes(432)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    file = BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()


Figures = dict[str, float]


def _round(folder: Path, place: Path) -> dict[str, Figures]:
    """Everybody once. The home is empty until the whole scan has filled it."""
    with (
        tempfile.TemporaryDirectory(prefix="home-", dir=place) as empty,
        tempfile.TemporaryDirectory(dir=place) as home,
    ):
        return {
            "bare walk": _turn("walk", folder, empty),
            "first stage, until all images are listed": _turn("first_stage", folder, empty),
            "whole scan, nothing known": _turn("whole", folder, home),
            "whole scan, everything known": _turn("whole", folder, home),
            "both stages, nothing known": _turn("both", folder, empty),
        }


def _turn(name: str, folder: Path, home: str) -> Figures:
    command = [sys.executable, "-m", "benchmarks.scan", name, str(folder)]
    told = subprocess.run(command, env=os.environ | {"FINETUNER_HOME": home}, stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout)


def _rows(told: list[dict[str, Figures]], count: int) -> Iterator[tuple[object, ...]]:
    for name in told[0]:
        seconds = median(round[name]["seconds"] for round in told)
        ratio = median(round[name]["seconds"] / round["bare walk"]["seconds"] for round in told)
        processor = median(round[name]["processor"] for round in told)
        first = median(round[name]["first"] for round in told)
        yield name, f"{seconds:.1f}", f"{ratio:.2f}", f"{count / seconds:,.0f}", f"{processor:.1f}", f"{first:.2f}"


def walk(folder: Path) -> Iterator[int]:
    for parent, _, names in os.walk(folder):
        for name in names:
            Image.open(os.path.join(parent, name)).size  # noqa: B018
            yield 1


def first_stage(folder: Path) -> Iterator[int]:
    from finetuner.engine.events import ImagesScanned

    for event in _events(folder, headers_first=True):
        if isinstance(event, ImagesScanned):
            return
        yield len(getattr(event, "images", ()))


def whole(folder: Path) -> Iterator[int]:
    for event in _events(folder, headers_first=False):
        yield len(getattr(event, "images", ()))


def both(folder: Path) -> Iterator[int]:
    for event in _events(folder, headers_first=True):
        yield len(getattr(event, "images", ()))


def _events(folder: Path, headers_first: bool) -> Iterator[object]:
    from finetuner.engine.dataset.scan import scan
    from finetuner.engine.requests import ScanRequest

    return scan(ScanRequest(data=folder, headers_first=headers_first))


CONTENDERS: dict[str, Callable[[Path], Iterator[int]]] = {
    "walk": walk, "first_stage": first_stage, "whole": whole, "both": both,
}  # fmt: skip


def main() -> None:
    """One turn, in a process of its own: seconds from the first call to the end, once everything is imported."""
    import finetuner.engine.dataset.scan  # noqa: F401

    name, folder = sys.argv[1:]
    started, first, seen = time.monotonic(), 0.0, 0
    for found in CONTENDERS[name](Path(folder)):
        seen += found
        first = first or (time.monotonic() - started if seen else 0.0)
    seconds = time.monotonic() - started
    print(json.dumps({"seconds": seconds, "first": first, "processor": sum(os.times()[:4])}))


if __name__ == "__main__":
    main()
