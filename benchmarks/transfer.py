"""What the network in the box gives on images it never saw, beside random weights, learning from scratch, and ImageNet.

Every figure is that of images by which nothing was chosen: of `test` where a set has one; where it has only `train` and
`val`, the best epoch is chosen on a part of `train`, and the figure is that of `val`. The sets of `subsets --count 2`
hold the classes that the starter's pretraining left out.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks.strategies import accuracy, trained
from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.backbones.names import find
from finetuner.engine.events import SpeedMeasured
from finetuner.engine.job import Job
from finetuner.engine.requests import SpeedRequest
from finetuner.engine.training.speed import measure_speed

STARTER = "starter"


def measure(arguments: argparse.Namespace) -> None:
    sets = [arguments.data, *sorted(filter(Path.is_dir, arguments.sets.iterdir()))]
    print(f"{machine()}\n")
    header = ("network", "pixels", "ms an image", *(folder.name for folder in sets))
    print_table(header, (row(name, options, sets) for name, options in candidates(arguments.weights)))


def candidates(weights: Path | None) -> Iterator[tuple[str, dict[str, object]]]:
    """What is compared: a name, and the options of its job."""
    entry = find(STARTER)
    bare = {"backbone": entry.architecture, "pretrained": False, "image_size": entry.input_size}
    yield "starter, probe", {"backbone": STARTER, "strategy": "probe"}
    yield "the same network, random weights, probe", {**bare, "strategy": "probe"}
    yield "the same network from scratch", {**bare, "strategy": "scratch"}
    yield "the app's small network from scratch", {"pretrained": False, "strategy": "scratch"}
    if weights:
        named = {"backbone": weights.name.split(".")[0], "weights": weights.absolute(), "strategy": "probe"}
        yield "ImageNet weights, probe", {**named, "image_size": entry.input_size}
        yield "ImageNet weights, probe", named


def row(name: str, options: dict[str, object], sets: list[Path]) -> tuple[object, ...]:
    parts = [parts_of(folder) for folder in sets]
    jobs = [Job().changed(**options, data=learned.absolute()) for learned, _ in parts]
    summaries = [trained(job, run(name, job, number)) for number, job in enumerate(jobs)]
    shares = [accuracy(summary, test) for summary, (_, test) in zip(summaries, parts, strict=True)]
    used = Job.load(Path(summaries[0].run) / "job.toml").backbone
    size = used.image_size or find(used.backbone).input_size
    return (name, size, milliseconds(used.backbone), *(f"{share:.1%}" for share in shares))


def parts_of(folder: Path) -> tuple[Path, Path]:
    """What is learned from, and what is tested on."""
    return (folder, folder / "test") if (folder / "test").is_dir() else (folder / "train", folder / "val")


def run(name: str, job: Job, number: int) -> Path:
    return paths.runs_dir() / f"{name.replace(' ', '-')}-{job.backbone.image_size}-{number}"


def milliseconds(backbone: str) -> str:
    """At the network's own size; nothing where it is used at another."""
    *_, told = measure_speed(SpeedRequest(backbones=(backbone,)))
    return f"{told.milliseconds:.1f}" if isinstance(told, SpeedMeasured) else ""
