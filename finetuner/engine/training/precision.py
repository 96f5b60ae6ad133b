"""fp32, bf16 or fp16: chosen by the device, and on a CPU by measuring this very network on this very machine."""

import copy
import hashlib
import json
import platform
import time
from dataclasses import replace
from pathlib import Path

import torch

from finetuner.engine import paths
from finetuner.engine.backbones.network import Network
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_text
from finetuner.engine.training.memory_format import channels_last
from finetuner.engine.training.passes import Passes

WORTH_IT = 1.15
_LEARNED, _LOOKED_AT = 8, 4  # images that are enough to tell


def choose_precision(wanted: str, device: torch.device, network: Network, learns: bool) -> str:
    """The precision for this run. On a CPU, bf16 must be measured faster by `WORTH_IT`, once per machine.

    `learns`: whether it takes training steps; else only its forward pass is measured.
    """
    if wanted == "fp16" and device.type == "cpu":
        raise FinetunerError("The CPU cannot train in fp16.", "Choose fp32, bf16 or auto.")
    if wanted != "auto":
        return wanted
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    if device.type != "cpu" or not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return "fp32"
    return _remembered(network, learns)


def _remembered(network: Network, learns: bool) -> str:
    """Measure once, then always answer the same: two runs on one machine must not differ by a stop-watch's mood."""
    file = paths.cache_dir() / "precision.json"
    known = _read(file)
    key = _key(network, learns)
    if key not in known:
        known[key] = "bf16" if _gain(network, learns) >= WORTH_IT else "fp32"
        write_text(file, json.dumps(known, indent=1))
    return known[key]


def _read(file: Path) -> dict[str, str]:
    try:
        return dict(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _key(network: Network, learns: bool) -> str:
    shapes = ";".join(f"{name}{tuple(p.shape)}" for name, p in network.model.named_parameters())
    architecture = hashlib.sha256(shapes.encode()).hexdigest()[:12]
    work = f"{network.preprocessing.input_size} {'step' if learns else 'forward'}"
    return f"{platform.processor() or platform.machine()} torch {torch.__version__} {architecture} {work}"


def _gain(network: Network, learns: bool) -> float:
    """How much faster bf16 is than fp32; interleaved, so that noise hits both."""
    trial = replace(network, model=copy.deepcopy(network.model))
    channels_last(trial.model)
    size = network.preprocessing.input_size
    images = torch.randn(_LEARNED if learns else _LOOKED_AT, 3, size, size).contiguous(
        memory_format=torch.channels_last
    )
    fp32 = Passes(trial, images.device, "fp32")
    kinds = [fp32, Passes(trial, images.device, "bf16", fp32.followers)]
    seconds = [[_seconds(trial, images, passes, learns) for passes in kinds] for _ in range(3)]
    slow, quick = (min(column) for column in zip(*seconds, strict=True))
    return slow / quick


def _seconds(trial: Network, images: torch.Tensor, passes: Passes, learns: bool) -> float:
    start = time.perf_counter()
    trial.model.train(learns)
    with passes.running() if learns else passes.looking():
        output = trial.model(images)
    if learns:
        output.float().square().mean().backward()
        trial.model.zero_grad()
    return time.perf_counter() - start
