"""Are training steps compiled? Where this machine has a compiler and the steps to come pay for its minutes."""

import shutil
from importlib.util import find_spec
from math import inf

import torch

from finetuner.engine.backbones.network import Network
from finetuner.engine.errors import FinetunerError
from finetuner.engine.training.compiled import Compiled
from finetuner.engine.training.remembered import remembered
from finetuner.engine.training.trial import Run, Trial, machine_and

LONG = 20 * 60.0
"""Seconds of steps from which on the one or two minutes of compiling, once on trial and once for good, may pay."""
WORTH_IT = 1.1
_COMPILERS = ("cc", "gcc", "clang", "cl")
_TURNS = 3


def choose_compiling(
    wanted: str,
    steps: int,
    batch_size: int,
    device: torch.device,
    network: Network,
    precision: str,
    batch_norm: str = "frozen",
) -> bool:
    """Whether a run of so many steps, in which every block learns, and batch norm as it says, is compiled.

    On a CPU only when asked for: there it gains little, or loses (docs/performance.md). On a GPU it must be measured
    quicker by `WORTH_IT`, once per machine. Raises FinetunerError where it is asked for and cannot be.
    """
    if not steps or wanted == "off" or (wanted == "auto" and device.type != "cuda"):
        return False
    missing = _missing(device)
    if wanted == "on" and missing:
        raise FinetunerError(
            f"The network cannot be compiled: {missing} is not installed.", "Install it, or choose compile: auto."
        )
    if wanted == "on":
        return True
    return not missing and _pays(Trial(network, device, batch_norm=batch_norm), steps, batch_size, precision)


def _pays(trial: Trial, steps: int, batch_size: int, precision: str) -> bool:
    step = _seconds(trial, batch_size, precision)
    return LONG <= step * steps < inf and _gain(trial, batch_size, precision, step) >= WORTH_IT


def _gain(trial: Trial, batch_size: int, precision: str, step: float) -> float:
    """How many times as quick a step is when it is compiled."""

    def measured() -> float:
        return step / _seconds(trial, batch_size, precision, Compiled(trial.network, trial.device, precision))

    work = f"{machine_and(trial.network, trial.device)} {precision} {batch_size} {trial.batch_norm}"
    return remembered("compiling.json", work, measured, float)


def _seconds(trial: Trial, batch_size: int, precision: str, run: Run | None = None) -> float:
    """Of one step; the first, which warms up, does not count. Infinitely many where it fails, for whatever reason."""
    try:
        return min([trial.seconds(batch_size, precision, True, run) for _ in range(1 + _TURNS)][1:])
    except RuntimeError:
        return inf


def _missing(device: torch.device) -> str:
    """What torch needs to compile for this device and does not find here."""
    if device.type == "cuda" and find_spec("triton") is None:
        return "Triton"
    return "" if any(map(shutil.which, _COMPILERS)) else "a C compiler"
