"""A job that trains in a second: a few small pictures, a network of a few thousand random weights."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from finetuner.engine.events import Event
from finetuner.engine.job import Job
from finetuner.engine.run_store.runs import describe

CLASSES = ("blue", "green", "red")


def draw_pictures(folder: Path, of_each: int = 12, classes: Iterable[str] = CLASSES) -> Path:
    """`folder/<class>/<number>.png`: noise with a tint that tells the classes apart."""
    for number, label in enumerate(classes):
        (folder / label).mkdir(parents=True)
        for index in range(of_each):
            _picture(number, index).save(folder / label / f"{index}.png")
    return folder


def _picture(label: int, index: int) -> Image.Image:
    generator = np.random.default_rng([label, index])
    pixels = generator.integers(0, 120, (40, 48, 3))
    pixels[..., label % 3] += 90
    return Image.fromarray(pixels.astype(np.uint8))


def tiny_job(data: Path, **options: object) -> Job:
    """Two epochs of full fine-tuning, unless `options` say otherwise."""
    tiny = Job().changed(
        data=data, backbone="test_resnet", pretrained=False, image_size=32, batch_size=8, device="cpu",
        precision="fp32", strategy="full", epochs=2, augmentation="none", threads=1,
    )  # fmt: skip
    return tiny.changed(**options)


def fingerprint(run: Path) -> tuple[str, list[tuple[int, float, float, float]]]:
    """What must be the same after any interruption: the weights' hash, and the curve to the last digit."""
    weights = hashlib.sha256((run / "best" / "model.safetensors").read_bytes()).hexdigest()
    return weights, [(e.epoch, e.train_loss, e.val_loss, e.val_accuracy) for e in describe(run).curve]


def kinds(events: Iterable[Event]) -> list[str]:
    """What happened, in words; progress left out, neighbours of one kind told once."""
    told: list[str] = []
    for event in events:
        if event.kind != "progress" and told[-1:] != [event.kind]:
            told.append(event.kind)
    return told
