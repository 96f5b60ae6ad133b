"""The same network on the same images, with this program and with its peers, turn by turn in one session.

`probe`: until the first model is there. `finetune`: every weight learns.
"""

import argparse
from collections.abc import Iterator
from statistics import median

from benchmarks.contenders import Contender, Figures, Work, environment, ours, peer
from benchmarks.plot import Bars
from benchmarks.results import Record, Result, Table
from benchmarks.step import look_rate, rate
from finetuner.engine.dataset.scan import read_dataset
from finetuner.engine.job import Job

PEERS = ("fastai", "lightning", "timm")
LOOK, STEP = "one look at each image in memory", "the bare step of finetuner, full"

Told = dict[str, list[Figures]]
"""The runs of each contender."""


def probe(arguments: argparse.Namespace) -> Result:
    """Our probe beside a few epochs of each peer with a frozen body."""
    work = _work(arguments, frozen=True)
    told = _raced({"finetuner, probe": ours("probe")} | _peers(arguments), work, arguments.rounds)
    limit = _images(work) / look_rate(_job(work), work.batch)
    seconds = {name: median(run.seconds for run in runs) for name, runs in told.items()}
    header = ("", "seconds", "times ours", "times the limit", "accuracy")
    return Result(
        records=(*_records(told), {"limit": LOOK, "seconds": limit}),
        tables=(Table("", header, tuple(_waits(told, seconds, limit))),),
        plots=(Bars("probe", "Until the first model is there", "seconds, less is better", seconds, (LOOK, limit)),),
        remark=_remark(work, arguments.rounds),
    )


def finetune(arguments: argparse.Namespace) -> Result:
    """All weights learn, the same number of epochs."""
    work = _work(arguments, frozen=False)
    names = ("full", "discriminative", "gradual")
    told = _raced({f"finetuner, {name}": ours(name) for name in names} | _peers(arguments), work, arguments.rounds)
    limit = rate(_job(work), work.batch)
    rates = {name: median(run.later_rate for run in runs) for name, runs in told.items()}
    header = ("", "images a second", "of the limit", "times ours", "seconds", "accuracy")
    return Result(
        records=(*_records(told), {"limit": STEP, "images_per_second": limit}),
        tables=(Table("", header, tuple(_rates(told, rates, limit))),),
        plots=(Bars("finetune", "Every weight learns", "images a second, more is better", rates, (STEP, limit)),),
        remark=_remark(work, arguments.rounds),
    )


def _work(arguments: argparse.Namespace, frozen: bool) -> Work:
    size, epochs = arguments.image_size or 224, arguments.epochs or 5
    return Work(arguments.data.absolute(), arguments.weights.absolute(), size, arguments.batch, epochs, frozen)


def _job(work: Work) -> Job:
    return Job().changed(
        backbone=work.backbone, weights=work.weights, image_size=work.size, strategy="full", batch_size=work.batch
    )


def _images(work: Work) -> int:
    """How many train or validate."""
    return sum(image.split != "test" for image in read_dataset(work.data).images)


def _remark(work: Work, rounds: int) -> str:
    return (
        f"{work.backbone} at {work.size} pixels, batches of {work.batch}, {work.epochs} epochs (our probe needs none),"
        f" {_images(work)} images; medians of {rounds} rounds in which everybody had one turn."
    )


def _peers(arguments: argparse.Namespace) -> dict[str, Contender]:
    place = environment(arguments)
    return {name: peer(name, place) for name in PEERS}


def _raced(field: dict[str, Contender], work: Work, rounds: int) -> Told:
    told: Told = {name: [] for name in field}
    for _ in range(rounds):
        for name, contender in field.items():
            told[name].append(contender(work))
    return told


def _records(told: Told) -> Iterator[Record]:
    for name, runs in told.items():
        yield from ({"contender": name, "round": number, **vars(run)} for number, run in enumerate(runs, 1))


def _waits(told: Told, seconds: dict[str, float], limit: float) -> Iterator[tuple[object, ...]]:
    least = next(iter(seconds.values()))
    yield LOOK, f"{limit:.1f}", f"{limit / least:.2f}", "1.0", ""
    for name, value in seconds.items():
        yield name, f"{value:.1f}", f"{value / least:.2f}", f"{value / limit:.1f}", _accuracy(told[name])


def _rates(told: Told, rates: dict[str, float], limit: float) -> Iterator[tuple[object, ...]]:
    ours = next(iter(rates.values()))
    yield STEP, f"{limit:.1f}", "100 %", f"{limit / ours:.2f}", "", ""
    for name, value in rates.items():
        seconds = median(run.seconds for run in told[name])
        ratios = f"{value / limit:.0%}", f"{value / ours:.2f}"
        yield name, f"{value:.1f}", *ratios, f"{seconds:.0f}", _accuracy(told[name])


def _accuracy(runs: list[Figures]) -> str:
    return f"{median(run.val_accuracy for run in runs):.1%}"
