"""A trained run in miniature, made without training: a tiny network, a pinned split, pictures on disk."""

from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image

from finetuner.engine.backbones.deployed import save_best
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.events import ScannedImage
from finetuner.engine.job import BackbonePart, Job
from finetuner.engine.run_store.run_folder import RunFolder

CLASSES = ("ant", "bee", "cow")
SIZES = ((48, 64), (97, 55), (64, 64), (20, 31))


def tiny_network(backbone: str = "test_resnet", classes: int = 3, image_size: int = 64) -> Network:
    """Random weights, with a head strong enough that different pictures get different answers."""
    torch.manual_seed(0)
    network = build(BackbonePart(backbone=backbone, pretrained=False, image_size=image_size), classes)
    with torch.no_grad():
        network.head.weight.mul_(20)
    return network


def pictures(folder: Path, labels: tuple[str, ...] = CLASSES, of_each: int = 4) -> list[Path]:
    """Draw coloured noise at awkward sizes: `folder/<class>/<number>.png`."""
    generator = np.random.default_rng(1)
    drawn = []
    for label in labels:
        (folder / label).mkdir(parents=True)
        for number in range(of_each):
            height, width = SIZES[number % len(SIZES)]
            tint = generator.integers(0, 200, 3)
            pixels = (generator.integers(0, 56, (height, width, 3)) + tint).astype(np.uint8)
            drawn.append(folder / label / f"{number}.png")
            Image.fromarray(pixels).save(drawn[-1])
    return drawn


def tiny_run(folder: Path, backbone: str = "test_resnet", classes: tuple[str, ...] = CLASSES, **options: int) -> Path:
    """Make `folder/run` with `best`, `folder/data` as its validation images, `folder/seen` as its training images."""
    run = RunFolder.create(folder / "run", Job())
    validation = [_scanned(path) for path in pictures(folder / "data", classes)]
    run.pin_split(classes, [*validation, *(_scanned(path, "train") for path in pictures(folder / "seen", classes))])
    save_best(run.best, tiny_network(backbone, len(classes), **options), classes, 1.7)
    return run.path


def _scanned(path: Path, split: Literal["train", "val"] = "val") -> ScannedImage:
    return ScannedImage(path=str(path), label=path.parent.name, split=split, width=1, height=1, format="PNG")
