"""Which VGG style transfer looks through unless a file is named. Torch-free: it is asked before anything runs."""

from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.shelf import Entry

NONE_HERE = "Style transfer looks through a VGG, and no VGG's weights are on this disk."


def best_vgg() -> Entry | None:
    """VGG-19 as in the paper before smaller ones, and plain ones before those with batch norm; None: none on disk."""
    found = [entry for entry in shelf.on_disk_entries() if entry.family == "vgg"]
    return min(found, key=lambda entry: (-entry.parameters // 1_000_000, "_bn" in entry.architecture), default=None)
