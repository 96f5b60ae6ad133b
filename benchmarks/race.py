"""The same network on the same images, with this program and with its peers, turn by turn in one session.

`probe`: until the first model is there. `finetune`: every weight learns.
"""

import argparse
from collections.abc import Iterator
from statistics import median

from benchmarks.contenders import Contender, Figures, Work, environment, ours, peer
from benchmarks.step import rate
from benchmarks.table import machine, print_table
from finetuner.engine.job import Job

PEERS = ("fastai", "lightning", "timm")


def probe(arguments: argparse.Namespace) -> None:
    """Our probe beside five epochs of each peer with a frozen body."""
    work = _work(arguments, frozen=True)
    field = {"finetuner, probe": ours("probe")} | _peers(arguments)
    print(f"{machine()}\n")
    told = _raced(field, work, arguments.rounds)
    print_table(("", "seconds", "times longer", "accuracy"), _waits(told))


def finetune(arguments: argparse.Namespace) -> None:
    """All weights learn, the same number of epochs."""
    work = _work(arguments, frozen=False)
    names = ("full", "discriminative", "gradual")
    field = {f"finetuner, {name}": ours(name) for name in names} | _peers(arguments)
    print(f"{machine()}\n")
    told = _raced(field, work, arguments.rounds)
    limit = rate(_job(work), work.batch)
    print_table(("", "images a second", "of the limit", "seconds", "accuracy"), _rates(told, limit))


def _work(arguments: argparse.Namespace, frozen: bool) -> Work:
    size, epochs = arguments.image_size or 224, arguments.epochs or 5
    return Work(arguments.data.absolute(), arguments.weights.absolute(), size, arguments.batch, epochs, frozen)


def _job(work: Work) -> Job:
    return Job().changed(
        backbone=work.backbone, weights=work.weights, image_size=work.size, strategy="full", batch_size=work.batch
    )


def _peers(arguments: argparse.Namespace) -> dict[str, Contender]:
    place = environment(arguments)
    return {name: peer(name, place) for name in PEERS}


def _raced(field: dict[str, Contender], work: Work, rounds: int) -> dict[str, list[Figures]]:
    told: dict[str, list[Figures]] = {name: [] for name in field}
    for _ in range(rounds):
        for name, contender in field.items():
            told[name].append(contender(work))
    return told


def _waits(told: dict[str, list[Figures]]) -> Iterator[tuple[object, ...]]:
    least = median(run.seconds for run in next(iter(told.values())))
    for name, runs in told.items():
        seconds = median(run.seconds for run in runs)
        yield name, f"{seconds:.1f}", f"{seconds / least:.1f}", _accuracy(runs)


def _rates(told: dict[str, list[Figures]], limit: float) -> Iterator[tuple[object, ...]]:
    yield "the bare step of finetuner, full", f"{limit:.1f}", "100 %", "", ""
    for name, runs in told.items():
        speed = median(run.later_rate for run in runs)
        yield (
            name,
            f"{speed:.1f}",
            f"{speed / limit:.0%}",
            f"{median(run.seconds for run in runs):.0f}",
            _accuracy(runs),
        )


def _accuracy(runs: list[Figures]) -> str:
    return f"{median(run.val_accuracy for run in runs):.1%}"
