"""How many images a step takes: few where there are few, else what this machine has the memory for and runs quickly."""

from dataclasses import dataclass

import psutil
import torch

from finetuner.engine.backbones.network import Network
from finetuner.engine.strategies.plan import Plan
from finetuner.engine.training.remembered import remembered
from finetuner.engine.training.trial import Trial, machine_and

SHARE = 0.6
"""Of the memory that is free now; the rest is for weights, gradients, and whatever else runs."""
GOOD_ENOUGH = 0.95
"""A smaller batch takes more steps, which learn more in the same epochs: it wins when it is nearly as quick."""


@dataclass(frozen=True)
class BatchSize:
    """The images of a step, and why so many; no reason where there was no choice."""

    images: int
    reason: str = ""


def choose_batch_size(images: int, plan: Plan, device: torch.device, network: Network, precision: str) -> BatchSize:
    """For a training set of so many images. Speeds are measured once per machine, memory each time."""
    candidates = sizes_for(images, device)
    if not plan.learns:  # there are no steps
        return BatchSize(candidates[0])
    trial = Trial(network, device, batch_norm=plan.batch_norm)
    fitting = [size for size in candidates if size <= (room := _room(trial, device, precision))]
    if not fitting:
        most = max(1, 2 ** (room.bit_length() - 1))
        return BatchSize(most, f"Batches of {most}: larger ones do not fit into the free memory.")
    if len(fitting) == 1:
        return BatchSize(fitting[0])
    work = f"{machine_and(network, device)} {precision} {plan.batch_norm} {fitting}"
    rates = remembered("batch_size.json", work, lambda: _rates(trial, fitting, precision), list)
    return _quick_enough(fitting, rates)


def sizes_for(images: int, device: torch.device) -> tuple[int, ...]:
    """What is worth considering: small sets want many small steps; a GPU is filled only by many images at once."""
    if images < 1000:
        return (16,)
    most = 128 if device.type == "cuda" else 64
    return (16, 32) if images < 10_000 else tuple(size for size in (32, 64, 128) if size <= most)


def _room(trial: Trial, device: torch.device, precision: str) -> int:
    """How many images fit into the free memory."""
    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else psutil.virtual_memory().available
    return int(SHARE * free // max(1, trial.kept_bytes(precision)))


def _rates(trial: Trial, sizes: list[int], precision: str) -> list[float]:
    """Images a second for each size; interleaved, so that noise hits all."""
    trial.seconds(sizes[0], precision, learns=True)  # warm
    seconds = [[trial.seconds(size, precision, learns=True) for size in sizes] for _ in range(2)]
    return [size / min(column) for size, column in zip(sizes, zip(*seconds, strict=True), strict=True)]


def _quick_enough(sizes: list[int], rates: list[float]) -> BatchSize:
    chosen = next(number for number, rate in enumerate(rates) if rate >= GOOD_ENOUGH * max(rates))
    told = ", ".join(f"{rate:.0f} in batches of {size}" for size, rate in zip(sizes, rates, strict=True))
    return BatchSize(sizes[chosen], f"Batches of {sizes[chosen]}: this machine trains {told} images a second.")
