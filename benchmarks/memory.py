"""Does training take the memory that the picker estimates? Peak resident memory of real steps on the CPU.

    python -m benchmarks memory

Each network trains in a process of its own: two steps in fp32 with AdamW, `BATCH` random images of its own size.
Measured is the peak of that process less what it held before the network was built.
"""

import argparse
import multiprocessing
import resource

import psutil

from benchmarks.table import machine, print_table

NETWORKS = ("mobilenetv3_large_100", "mobilenetv2_100", "resnet18", "convnext_atto", "vit_tiny_patch16_224", "resnet50")
CLASSES = 10


def measure(arguments: argparse.Namespace) -> None:
    print(machine())
    print_table(("network", "estimate, GB", "measured, GB", "estimate / measured"), (row(name) for name in NETWORKS))


def row(name: str) -> tuple[str, ...]:
    from finetuner.engine.backbones.costs import BATCH, memory_to_train
    from finetuner.engine.backbones.names import find

    estimate = (memory_to_train(find(name)) or 0.0) / 1000
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        measured = pool.apply(peak_of_training, (name, BATCH)) / 1e9
    return name, f"{estimate:.2f}", f"{measured:.2f}", f"{estimate / measured:.2f}"


def peak_of_training(name: str, batch: int) -> int:
    """Bytes."""
    import torch

    from finetuner.engine.backbones.network import build
    from finetuner.engine.job import BackbonePart

    before = psutil.Process().memory_info().rss
    network = build(BackbonePart(backbone=name, pretrained=False), CLASSES, load=False)
    model = network.model.to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(model.parameters())
    for _ in range(2):
        images = torch.rand(batch, 3, network.preprocessing.input_size, network.preprocessing.input_size)
        torch.nn.functional.cross_entropy(model(images), torch.zeros(batch, dtype=torch.long)).backward()
        optimiser.step()
        optimiser.zero_grad()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
