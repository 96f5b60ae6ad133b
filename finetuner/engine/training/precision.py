"""fp32, bf16 or fp16: chosen by the device, and on a CPU by measuring this very network on this very machine."""

import copy
import hashlib
import json
import platform
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch
from torch import nn

from finetuner.engine import paths
from finetuner.engine.backbones.network import Network
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_text
from finetuner.engine.strategies.plan import Plan
from finetuner.engine.training.memory_format import channels_last

WORTH_IT = 1.15
_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


def choose_precision(wanted: str, device: torch.device, network: Network, plan: Plan) -> str:
    """The precision for this run. On a CPU, bf16 must be measured faster by `WORTH_IT`, once per machine.

    A frozen network on a CPU keeps fp32, so that the head is solved on the features it will meet.
    """
    if wanted == "fp16" and device.type == "cpu":
        raise FinetunerError("The CPU cannot train in fp16.", "Choose fp32, bf16 or auto.")
    if wanted != "auto":
        return wanted
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    steps = any(not phase.solve for phase in plan.phases)
    if device.type != "cpu" or not steps or not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return "fp32"
    return _remembered(network.model, network.preprocessing.input_size)


def autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """The context in which forward passes of this precision run."""
    if precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, dtype=_TYPES[precision])


def _remembered(model: nn.Module, image_size: int) -> str:
    """Measure once, then always answer the same: two runs on one machine must not differ by a stop-watch's mood."""
    file = paths.cache_dir() / "precision.json"
    known = _read(file)
    key = _key(model, image_size)
    if key not in known:
        known[key] = "bf16" if _gain(model, image_size) >= WORTH_IT else "fp32"
        write_text(file, json.dumps(known, indent=1))
    return known[key]


def _read(file: Path) -> dict[str, str]:
    try:
        return dict(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _key(model: nn.Module, image_size: int) -> str:
    shapes = ";".join(f"{name}{tuple(p.shape)}" for name, p in model.named_parameters())
    architecture = hashlib.sha256(shapes.encode()).hexdigest()[:12]
    return f"{platform.processor() or platform.machine()} torch {torch.__version__} {architecture} {image_size}"


def _gain(model: nn.Module, image_size: int) -> float:
    """How much faster a training step in bf16 is than one in fp32; interleaved, so that noise hits both."""
    trial = copy.deepcopy(model).train()
    channels_last(trial)
    images = torch.randn(8, 3, image_size, image_size).to(memory_format=torch.channels_last)
    seconds = [[_step_seconds(trial, images, precision) for precision in ("fp32", "bf16")] for _ in range(3)]
    fp32, bf16 = (min(column) for column in zip(*seconds, strict=True))
    return fp32 / bf16


def _step_seconds(model: nn.Module, images: torch.Tensor, precision: str) -> float:
    start = time.perf_counter()
    with autocast(precision, images.device):
        output = model(images)
    output.float().square().mean().backward()
    model.zero_grad()
    return time.perf_counter() - start
