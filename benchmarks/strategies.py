"""The accuracy of every strategy with its default settings, over several seeds."""

import argparse
from pathlib import Path

from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.events import RunEnded, TrainSummary
from finetuner.engine.job import Job
from finetuner.engine.requests import TrainRequest
from finetuner.engine.strategies import STRATEGIES
from finetuner.engine.training.loop import train

NEEDS_NO_WEIGHTS = ("scratch",)


def measure(arguments: argparse.Namespace) -> None:
    names = [name for name in STRATEGIES if name not in NEEDS_NO_WEIGHTS]
    print(f"{machine()}\n")
    print_table(
        ("strategy", "validation accuracy, mean", "lowest", "highest", "seconds"),
        (row(name, job(name, arguments), arguments.seeds) for name in names),
    )


def job(strategy: str, arguments: argparse.Namespace) -> Job:
    weights = arguments.weights.absolute()
    return Job().changed(
        data=arguments.data.absolute(),
        weights=weights,
        backbone=weights.name.split(".")[0],
        strategy=strategy,
        epochs=arguments.epochs,
        image_size=arguments.image_size,
    )


def row(name: str, job: Job, seeds: int) -> tuple[object, ...]:
    summaries = [trained(job.changed(seed=seed), paths.runs_dir() / f"{name}-{seed}") for seed in range(seeds)]
    accuracies = [summary.val_accuracy for summary in summaries]
    figures = (sum(accuracies) / seeds, min(accuracies), max(accuracies))
    seconds = sum(summary.seconds for summary in summaries) / seeds
    return (name, *(f"{figure:.1%}" for figure in figures), f"{seconds:.0f}")


def trained(job: Job, run: Path) -> TrainSummary:
    *_, ended = train(TrainRequest(job=job, run=run))
    assert isinstance(ended, RunEnded)
    assert ended.summary is not None
    return ended.summary
