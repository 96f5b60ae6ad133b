"""Is the adviser's first choice the best one? Every backbone is advised on, then really fine-tuned on the same set.

`--weights` is a folder of weight files, each named after its architecture; the network in the box is tried as well.
The figure of a fine-tuned network is that of `test` where a set has one, otherwise of its validation images.
"""

import argparse
import shutil
from pathlib import Path

from benchmarks.strategies import accuracy, trained
from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.advice.advise import advise
from finetuner.engine.backbones.on_disk import weights_dir
from finetuner.engine.events import AdviceEnded, BackboneAdvice
from finetuner.engine.job import Job
from finetuner.engine.requests import AdviseRequest

STRATEGIES = ("probe", "lp-ft")
HEADER = ("backbone", "the adviser's trial", "ms an image", *STRATEGIES)


def measure(arguments: argparse.Namespace) -> None:
    shutil.copytree(arguments.weights, weights_dir())
    print(f"{machine()}\n")
    for data in (arguments.data, *sorted(filter(Path.is_dir, arguments.sets.iterdir()))):
        show(data, arguments.epochs)


def show(data: Path, epochs: int | None) -> None:
    """The adviser's order with what became of each, and how far its first choice is from the best."""
    ranking = advised(data)
    print(f"\n{data.name}\n")
    shares = {advice.name: fine_tuned(advice.name, data, epochs) for advice in ranking}
    print_table(HEADER, (row(advice, shares[advice.name]) for advice in ranking))
    best = max(map(max, shares.values()))
    print(f"\nThe first choice is {100 * (best - max(shares[ranking[0].name])):.1f} points from the best.")


def advised(data: Path) -> tuple[BackboneAdvice, ...]:
    *_, ended = advise(AdviseRequest(job=Job().changed(data=data.absolute())))
    assert isinstance(ended, AdviceEnded)
    return tuple(ended.ranking)


def fine_tuned(backbone: str, data: Path, epochs: int | None) -> list[float]:
    """The share of right answers after each strategy."""
    jobs = [Job().changed(backbone=backbone, data=data.absolute(), strategy=name, epochs=epochs) for name in STRATEGIES]
    runs = [paths.runs_dir() / f"{data.name}-{backbone}-{name}" for name in STRATEGIES]
    return [accuracy(trained(job, run), data / "test") for job, run in zip(jobs, runs, strict=True)]


def row(advice: BackboneAdvice, shares: list[float]) -> tuple[object, ...]:
    trial = f"{advice.accuracy:.1%} ({advice.low:.1%} to {advice.high:.1%})"
    return (advice.name, trial, f"{advice.milliseconds:.1f}", *(f"{share:.1%}" for share in shares))
