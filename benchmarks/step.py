"""The physical limits: the same training step, or look, again and again, on one batch that lies in memory."""

import argparse
import time
from collections.abc import Callable

import torch

from benchmarks.results import Result, Table
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.job import Job
from finetuner.engine.strategies import draw
from finetuner.engine.strategies.plan import Plan
from finetuner.engine.training.allocator import memory_kept
from finetuner.engine.training.features import Frozen
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.precision import choose_precision
from finetuner.engine.training.targets import Targets

STEPS = 8


def rate(job: Job, batch: int) -> float:
    """Images a second; the median of some steps."""
    network, device = build(job.backbone, 2), torch.device("cpu")
    plan: Plan = draw([block.name for block in network.blocks], job.strategy, pretrained=True)
    labels = torch.arange(batch) % 2
    precision = choose_precision("auto", device, network, plan.learns)
    learner = Learner(network, job.optimisation, Targets(job, labels, 2, device), device, precision)
    learner.enter(plan.phases[-1], plan.batch_norm)
    images = _images(batch, network)
    with memory_kept():
        return batch / _median(lambda: learner.step(images, labels, plan.phases[-1].rates, 0, 0))


def look_rate(job: Job, batch: int) -> float:
    """Images a second that the frozen network looks at; the median of some batches."""
    network, device = build(job.backbone, 2), torch.device("cpu")
    frozen = Frozen(network, device, choose_precision("auto", device, network, False))
    images = _images(batch, network)
    with memory_kept():
        return batch / _median(lambda: frozen.features(images))


def measure(arguments: argparse.Namespace) -> Result:
    """The limit of every strategy that takes steps, and of one look."""
    jobs = {
        strategy: Job().changed(
            backbone=arguments.weights.name.split(".")[0],
            weights=arguments.weights.absolute(),
            image_size=arguments.image_size or 224,
            strategy=strategy,
        )
        for strategy in ("full", "gradual", "discriminative", "probe")
    }
    rates = {name: (look_rate if name == "probe" else rate)(job, arguments.batch) for name, job in jobs.items()}
    records = tuple({"strategy": name, "images_per_second": value} for name, value in rates.items())
    rows = tuple((name, f"{value:.1f}") for name, value in rates.items())
    return Result(records, (Table("", ("strategy", "images a second"), rows),))


def _images(batch: int, network: Network) -> torch.Tensor:
    size = network.preprocessing.input_size
    return torch.randint(0, 255, (batch, 3, size, size), dtype=torch.uint8)


def _median(act: Callable[[], object]) -> float:
    """Seconds."""
    return sorted(_seconds(act) for _ in range(STEPS))[STEPS // 2]


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
