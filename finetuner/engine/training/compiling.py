"""Training passes compiled by torch, where this machine has a compiler and the steps to come pay for its minutes."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from math import inf

import torch
from torch import Tensor, nn

from finetuner.engine.backbones.network import Network
from finetuner.engine.errors import FinetunerError
from finetuner.engine.training.passes import Passes
from finetuner.engine.training.remembered import remembered
from finetuner.engine.training.trial import Trial, machine_and

LONG = 20 * 60.0
"""Seconds of steps from which on the one or two minutes of compiling, once on trial and once for good, may pay."""
WORTH_IT = 1.1
_COMPILERS = ("cc", "gcc", "clang", "cl")
_TURNS = 3


class Compiled:
    """The training passes of a network. The first of each batch size takes as long as compiling does."""

    def __init__(self, network: Network, device: torch.device, precision: str) -> None:
        self._model = _compiled(network.model)
        self._passes = Passes(network, device, precision, shortcuts=False)

    def __call__(self, images: Tensor) -> Tensor:
        """Logits N,C."""
        with self._passes.running():
            return self._model(images)


def choose_compiling(
    wanted: str, steps: int, batch_size: int, device: torch.device, network: Network, precision: str
) -> bool:
    """Whether a run of so many steps, in which every block learns, is compiled.

    On a CPU only when asked for: there it gains little, or loses (docs/performance.md). On a GPU it must be measured
    quicker by `WORTH_IT`, once per machine. Raises FinetunerError where it is asked for and cannot be.
    """
    missing = _missing(device)
    if wanted == "on" and missing:
        raise FinetunerError(
            f"The network cannot be compiled: {missing} is not installed.", "Install it, or choose compile: auto."
        )
    if wanted != "auto" or missing or device.type != "cuda":
        return wanted == "on"
    trial = Trial(network, device)
    step = _seconds(trial, batch_size, precision)
    return LONG <= step * steps < inf and _gain(trial, batch_size, precision, step) >= WORTH_IT


def _gain(trial: Trial, batch_size: int, precision: str, step: float) -> float:
    """How many times as quick a step is when it is compiled."""
    work = f"{machine_and(trial.network, trial.device)} {precision} {batch_size}"
    return remembered("compiling.json", work, lambda: step / _compiled_seconds(trial, batch_size, precision), float)


def _seconds(trial: Trial, batch_size: int, precision: str) -> float:
    """Of one step; the first, which warms up, does not count. Infinitely many where it fails, for whatever reason."""
    try:
        return min([trial.seconds(batch_size, precision, learns=True) for _ in range(1 + _TURNS)][1:])
    except RuntimeError:
        return inf


def _compiled_seconds(trial: Trial, batch_size: int, precision: str) -> float:
    trial.stepped = _compiled(trial.network.model)
    return _seconds(trial, batch_size, precision)


def _missing(device: torch.device) -> str:
    """What torch needs to compile for this device and does not find here."""
    if device.type == "cuda" and find_spec("triton") is None:
        return "Triton"
    return "" if any(map(shutil.which, _COMPILERS)) else "a C compiler"


def _compiled(model: nn.Module) -> Callable[[Tensor], Tensor]:
    """Compiled when it is first called, for each batch size anew: code for any size is slower."""
    _settle()
    compiled: Callable[[Tensor], Tensor] = torch.compile(model, dynamic=False)
    return compiled


@cache
def _settle() -> "tempfile.TemporaryDirectory[str]":
    """No helper processes or threads, no pickles, nothing on the terminal, no file that outlives this process."""
    import torch._functorch.config as functorch
    import torch._inductor.config as inductor
    from tqdm import tqdm

    tqdm.monitor_interval = 0
    inductor.compile_threads = 1
    inductor.fx_graph_cache = False
    functorch.enable_autograd_cache = False
    torch._logging.set_logs(all=logging.ERROR)  # type: ignore[attr-defined]
    folder = tempfile.TemporaryDirectory(prefix="finetuner-compiled-", ignore_cleanup_errors=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder.name
    return folder
