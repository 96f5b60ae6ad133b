"""Does memory stay flat: over many images, and over the epochs of one run?

    python -m benchmarks flatness --count 60000 --image-size 96 --epochs 3

A few pictures and many of 2 megapixels, or instead of these the labelled folder of `--data`, go through a scan, a probe
and a full fine-tuning. What the few take is the network's own need.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import footprint
from benchmarks.growth import CLASSES, job
from benchmarks.pictures import draw_folder
from benchmarks.results import Record, Result, Table
from benchmarks.stages import scanned, trained

FEW = 500
SIZE = "2 MP"


def measure(arguments: argparse.Namespace) -> Result:
    with tempfile.TemporaryDirectory(prefix="finetuner-flatness-") as folder:
        few = draw_folder(Path(folder) / "few", FEW, CLASSES, SIZE)
        many = arguments.data or draw_folder(Path(folder) / "many", arguments.count, CLASSES, SIZE)
        records = [record for data in (few, many) for record in _walked(data, arguments, Path(folder))]
    return Result(records=tuple(records), tables=(_table(records),), remark=footprint.__doc__ or "")


def _walked(data: Path, arguments: argparse.Namespace, folder: Path) -> Iterator[Record]:
    home, images = folder / f"home of {data.name}", sum(path.is_file() for path in data.rglob("*"))
    runs = {"scan": scanned(data, home)}
    for strategy in ("probe", "full"):
        named = job(arguments, data, strategy=strategy, image_size=arguments.image_size or 96)
        runs[strategy] = trained(named.changed(epochs=arguments.epochs or 3), folder / f"{data.name} {strategy}", home)
    for task, walked in runs.items():
        yield {"images": images, "task": task, **vars(walked)}


def _table(records: list[Record]) -> Table:
    header = ("task", "images", "peak MB", "more than with few", "MB after each epoch", "processor s", "clock s")
    least = {record["task"]: record["peak_mb"] for record in reversed(records)}
    return Table("", header, tuple(_row(record, float(least[record["task"]])) for record in records))


def _row(record: Record, least: float) -> tuple[object, ...]:
    peak, epochs = record["peak_mb"], record["epochs_mb"]
    return (
        record["task"],
        f"{record['images']:,}",
        f"{peak:,.0f}",
        f"{peak - least:,.0f}",
        ", ".join(f"{each:,.0f}" for each in epochs),
        f"{record['processor']['total']:,.0f}",
        f"{record['seconds']['total']:,.0f}",
    )
