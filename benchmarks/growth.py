"""How seconds and memory grow with the number of images, their size, and the number of classes.

    python -m benchmarks growth [--count MAX] [--weights FILE]

Each point is a scan and a probe from nothing, of pictures drawn for it, with the network in the box or that of
`--weights`. One of the four is varied, the others stay at `CLASSES`, `SIZE`, `PIXELS` and `SOME`.
"""

import argparse
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.pictures import SIZES, draw_folder
from benchmarks.plot import Curves
from benchmarks.results import Record, Result, Table
from benchmarks.stages import scanned, trained
from finetuner.engine.job import Job

COUNTS = (500, 2_000, 8_000, 30_000, 60_000)
SOME, CLASSES, SIZE, PIXELS = 2_000, 20, "0.3 MP", 160
STAGES = ("scan", "scan again", "decode", "features", "head", "judging", "total")
TITLES = {
    "images": "The number of images",
    "files": "The size of the files",
    "pixels": "The side at which the network looks, in pixels",
    "classes": "The number of classes",
}
REMARK = (
    f"A probe of {{some:,}} images in {CLASSES} classes, files of {SIZE}, looked at with {PIXELS} pixels, where not"
    " said otherwise. Seconds of processor time, but *clock*, the total by the clock. *decode* includes loading the"
    " network, *judging* is the validation on the whole files, *total* begins with Python and holds the first scan."
    " Memory: the peak of the anonymous pages of all processes, which leaves out pages of files."
)


def measure(arguments: argparse.Namespace) -> Iterator[Result]:
    """What is known after each point: all of them take long, and whatever ends them early loses nothing."""
    records: list[Record] = []
    for changed in points(arguments.count):
        records.append(_measured(arguments, changed))
        yield _result(tuple(records), REMARK.format(some=min(SOME, arguments.count)))


def _result(records: tuple[Record, ...], remark: str) -> Result:
    tables = tuple(_table(name, _along(records, name)) for name in TITLES)
    return Result(records, tables, tuple(_plots(_along(records, "images"))), remark)


def job(arguments: argparse.Namespace, data: Path, **options: object) -> Job:
    """With the weights that were named, or the network in the box."""
    weights = arguments.weights and arguments.weights.absolute()
    named = {"weights": weights, "backbone": weights.name.split(".")[0]} if weights else {}
    return Job().changed(data=data.absolute(), **named, **options)


def points(most: int) -> Iterator[Record]:
    """Each what is varied, and its value; what is not varied is measured once, as `images`."""
    some, counts = min(SOME, most), sorted({count for count in COUNTS if count < most} | {most})
    yield from ({"varied": "images", "images": count} for count in counts)
    yield from ({"varied": "files", "images": some, "files": size} for size in SIZES if size != SIZE)
    yield from ({"varied": "pixels", "images": some, "pixels": side} for side in (96, 224))
    yield from ({"varied": "classes", "images": some, "classes": count} for count in (2, 200))


def _measured(arguments: argparse.Namespace, changed: Record) -> Record:
    point = {"files": SIZE, "pixels": PIXELS, "classes": CLASSES, **changed}
    with tempfile.TemporaryDirectory(prefix="finetuner-growth-") as folder:
        home = Path(folder)
        data = draw_folder(home / "data", point["images"], point["classes"], point["files"])
        wanted = job(arguments, data, strategy="probe", image_size=point["pixels"])
        walked = trained(wanted, home / "run", home / "home")
        again = scanned(data, home / "home")
    seconds = {**walked.seconds, "scan again": again.seconds["scan"]}
    processor = {**walked.processor, "scan again": again.processor["scan"]}
    return {**point, "seconds": seconds, "processor": processor, "peak_mb": walked.peak_mb}


def _along(records: Iterable[Record], name: str) -> list[Record]:
    """Those where this is varied, and the common one, by value."""
    some = [record for record in records if record["varied"] == name]
    if name != "images":
        common = {record["images"] for record in some}
        some += [record for record in records if record["varied"] == "images" and record["images"] in common]
    return sorted(some, key=lambda record: list(SIZES).index(record[name]) if name == "files" else record[name])


def _table(name: str, records: list[Record]) -> Table:
    rows = (
        (
            _told(record[name]),
            *(f"{record['processor'].get(stage, 0):,.1f}" for stage in STAGES),
            f"{record['seconds']['total']:,.0f}",
            f"{record['peak_mb']:,.0f}",
        )
        for record in records
    )
    return Table(TITLES[name], (name, *STAGES, "clock", "peak MB"), tuple(rows))


def _told(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _plots(records: list[Record]) -> Iterator[Curves]:
    stages = {stage: [(each["images"], each["processor"].get(stage, 0)) for each in records] for stage in STAGES}
    yield Curves("growth-seconds", "A probe from nothing", "images", "seconds of processor time", stages)
    memory = {"peak of anonymous memory": [(each["images"], each["peak_mb"]) for each in records]}
    yield Curves("growth-memory", "The memory that a probe takes", "images", "MB", memory)
