"""How the learning rate moves over a run: a factor between 0 and 1 on every block's rate."""

import math
from typing import Literal


def factor(schedule: Literal["cosine", "one-cycle", "constant"], step: int, steps: int, warmup: int) -> float:
    """The factor for optimiser step `step` of `steps`, after `warmup` steps of linear rise.

    cosine: Loshchilov and Hutter (2017), down to 1 % of the rate. one-cycle: Smith (2018), a rise over 30 %
    of the run whatever the warm-up, then down to nothing.
    """
    if schedule == "one-cycle":
        return _one_cycle((step + 1) / max(steps, 1))
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if schedule == "constant":
        return 1.0
    done = (step - warmup) / max(steps - warmup, 1)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


def warmup_steps(epochs: float, batches: int, steps: int) -> int:
    """Warm-up in steps: never more than a fifth of the run."""
    return min(round(epochs * batches), steps // 5)


def _one_cycle(done: float, rise: float = 0.3) -> float:
    if done < rise:
        return 0.04 + 0.96 * 0.5 * (1 - math.cos(math.pi * done / rise))
    return 1e-4 + (1 - 1e-4) * 0.5 * (1 + math.cos(math.pi * (done - rise) / (1 - rise)))
