"""The accuracy of every strategy with its default settings, over several seeds, on one set or on many.

Where a set has a `test` folder the figure is that of `test`, which no run has seen; otherwise that of the validation
images, by which the best epoch was chosen as well.
"""

import argparse
from pathlib import Path

from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.events import EvaluationEnded, RunEnded, TrainSummary
from finetuner.engine.job import Job
from finetuner.engine.prediction.score import evaluate
from finetuner.engine.requests import EvaluateRequest, TrainRequest
from finetuner.engine.strategies import STRATEGIES
from finetuner.engine.training.loop import train

NEEDS_NO_WEIGHTS = ("scratch",)


def measure(arguments: argparse.Namespace) -> None:
    names = [name for name in STRATEGIES if name not in NEEDS_NO_WEIGHTS]
    sets = sorted(filter(Path.is_dir, arguments.sets.iterdir())) if arguments.sets else [arguments.data]
    print(f"{machine()}\n")
    for data in sets:
        print(f"\n{data.name}\n")
        print_table(
            ("strategy", "accuracy, mean", "lowest", "highest", "seconds"),
            (row(name, job(name, data, arguments), arguments.seeds) for name in names),
        )


def job(strategy: str, data: Path, arguments: argparse.Namespace) -> Job:
    weights = arguments.weights.absolute()
    return Job().changed(
        data=data.absolute(),
        weights=weights,
        backbone=weights.name.split(".")[0],
        strategy=strategy,
        epochs=arguments.epochs,
        image_size=arguments.image_size,
    )


def row(name: str, job: Job, seeds: int) -> tuple[object, ...]:
    assert job.data.data
    set_name = job.data.data.name
    summaries = [
        trained(job.changed(seed=seed), paths.runs_dir() / f"{set_name}-{name}-{seed}") for seed in range(seeds)
    ]
    accuracies = [accuracy(summary, job.data.data / "test") for summary in summaries]
    figures = (sum(accuracies) / seeds, min(accuracies), max(accuracies))
    seconds = sum(summary.seconds for summary in summaries) / seeds
    return (name, *(f"{figure:.1%}" for figure in figures), f"{seconds:.0f}")


def trained(job: Job, run: Path) -> TrainSummary:
    *_, ended = train(TrainRequest(job=job, run=run))
    assert isinstance(ended, RunEnded)
    assert ended.summary is not None
    return ended.summary


def accuracy(summary: TrainSummary, test: Path) -> float:
    """On `test` where there is one, else on the validation images."""
    if not test.is_dir():
        return summary.val_accuracy
    *_, ended = evaluate(EvaluateRequest(run=Path(summary.run), data=test))
    assert isinstance(ended, EvaluationEnded)
    return ended.scores.accuracy
