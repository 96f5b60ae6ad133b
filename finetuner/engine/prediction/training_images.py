"""A score on images the model learned from is no score: tell when that happens."""

from collections.abc import Sequence
from pathlib import Path

from finetuner.engine.documents import read_json
from finetuner.engine.events import ScannedImage
from finetuner.engine.run_store.run_folder import LARGEST_SPLIT, RunFolder


def learned_from(run: Path, images: Sequence[ScannedImage]) -> list[str]:
    """A notice when images of the run's training part, known by their content, are among these."""
    learned = _training_contents(run)
    seen = sum(image.content in learned for image in images)
    if not seen:
        return []
    return [f"{seen} of these {len(images)} images were used in training: the score is better than it should be."]


def _training_contents(run: Path) -> set[str]:
    """SHA-256 of each training image; nothing where the model is a file, which does not know them."""
    pinned = RunFolder(run).split_file
    if not pinned.is_file():
        return set()
    try:
        images = read_json(pinned, LARGEST_SPLIT)["images"]
        return {row["content"] for row in images if row["split"] == "train" and row["content"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
