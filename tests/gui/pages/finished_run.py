"""A finished run on disk, as far as a page reads it."""

from pathlib import Path

import numpy as np
from PIL import Image

from finetuner.engine.evaluation.tables import write_predictions
from finetuner.engine.events import ScannedImage
from finetuner.engine.run_store.run_folder import RunFolder

CLASSES = ("ants", "bees")
ANSWERS = (0, 1, 1, 1)
TRUTH = (0, 0, 1, 1)


def finished_run(folder: Path) -> Path:
    """A run with four validation images, of which it got the second wrong."""
    photos = [_photo(folder / "photos" / f"{number}.png") for number in range(len(TRUTH))]
    run = folder / "leaves-probe"
    run.mkdir(parents=True)
    RunFolder(run).pin_split(CLASSES, [_scanned(path, label) for path, label in zip(photos, TRUTH, strict=True)])
    logits = np.eye(len(CLASSES))[list(ANSWERS)] * 4
    write_predictions(run, [str(path) for path in photos], TRUTH, logits, CLASSES)
    return run


def _photo(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), (40 * int(path.stem), 90, 120)).save(path)
    return path


def _scanned(path: Path, label: int) -> ScannedImage:
    return ScannedImage(path=str(path), label=CLASSES[label], split="val", width=40, height=30, format="PNG")
