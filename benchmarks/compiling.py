"""Does compiling pay? A training step as this program takes it, and as torch compiles it, turn by turn.

    python -m benchmarks compiling [--batch N]

Random weights, 224 pixels, on the fastest device, in the precision that is measured quicker there. The first compiled
step takes as long as compiling does.
"""

import argparse

from benchmarks.results import Record, Result, Table
from finetuner.engine.backbones.network import build
from finetuner.engine.job import BackbonePart
from finetuner.engine.training.allocator import memory_kept
from finetuner.engine.training.compiled import Compiled
from finetuner.engine.training.hardware import choose_device
from finetuner.engine.training.precision import choose_precision
from finetuner.engine.training.trial import Trial

NAMES = ("mobilenetv2_100", "resnet18", "convnext_atto", "vit_tiny_patch16_224")
TURNS = 5


def measure(arguments: argparse.Namespace) -> Result:
    records = tuple(_measured(name, arguments.batch) for name in NAMES)
    rows = tuple(tuple(_told(value) for value in record.values()) for record in records)
    return Result(records, (Table("", ("network", "precision", "seconds to compile", "ours", "compiled"), rows),))


def _measured(name: str, batch: int) -> Record:
    """Images a second, the best of some turns."""
    device = choose_device("auto")
    network = build(BackbonePart(backbone=name, pretrained=False, image_size=224), 10)
    precision = choose_precision("auto", device, network, learns=True)
    trial = Trial(network, device)
    compiled = Compiled(trial.network, device, precision)
    with memory_kept():
        first = trial.seconds(batch, precision, True, compiled)
        turns = [[trial.seconds(batch, precision, True, run) for run in (None, compiled)] for _ in range(TURNS)]
    ours, other = (batch / min(column) for column in zip(*turns, strict=True))
    return {"network": name, "precision": precision, "seconds": first, "ours": ours, "compiled": other}


def _told(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}"
