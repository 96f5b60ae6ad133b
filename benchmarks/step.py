"""The physical limit: the same training step, again and again, on one batch that lies in memory."""

import argparse
import json
import time

import torch

from finetuner.engine.backbones.network import build
from finetuner.engine.job import Job
from finetuner.engine.strategies import draw
from finetuner.engine.strategies.plan import Plan
from finetuner.engine.training.allocator import memory_kept
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
    size = network.preprocessing.input_size
    images = torch.randint(0, 255, (batch, 3, size, size), dtype=torch.uint8)
    with memory_kept():
        return batch / sorted(_seconds(learner, images, labels, plan) for _ in range(STEPS))[STEPS // 2]


def _seconds(learner: Learner, images: torch.Tensor, labels: torch.Tensor, plan: Plan) -> float:
    began = time.perf_counter()
    learner.step(images, labels, plan.phases[-1].rates, 0, 0)
    return time.perf_counter() - began


def measure(arguments: argparse.Namespace) -> None:
    """Print the limit of every strategy that takes steps."""
    for strategy in ("full", "gradual", "discriminative"):
        job = Job().changed(
            backbone=arguments.weights.name.split(".")[0],
            weights=arguments.weights.absolute(),
            image_size=arguments.image_size or 224,
            strategy=strategy,
        )
        print(json.dumps({"strategy": strategy, "images_per_second": rate(job, arguments.batch)}))
