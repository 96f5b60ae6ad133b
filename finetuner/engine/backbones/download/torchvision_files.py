"""torchvision's published files, or a mirror's at FINETUNER_TORCHVISION_URL; into torch's own cache.

A name ends in the first digits of its content's SHA-256, by which it is known until the full one is pinned.
"""

import os
from pathlib import Path
from typing import Any

from finetuner.engine.backbones import on_disk, pins
from finetuner.engine.backbones.download.order import Answer
from finetuner.engine.backbones.download.part import Part
from finetuner.engine.backbones.download.published import Published
from finetuner.engine.backbones.integrity import name_promise
from finetuner.engine.backbones.shelf import Entry


class TorchvisionFiles:
    """An entry's file among torchvision's."""

    def __init__(self, entry: Entry) -> None:
        self._file = entry.file
        self._url = _address(entry)
        self._target = on_disk.torch_cache() / entry.file

    def question(self) -> dict[str, Any]:
        """Ask for the size."""
        return {"question": "address", "url": self._url}

    def published(self, answer: Answer) -> Published:
        """The file, with the pinned size and hash, else with the server's size and the hash that the name promises."""
        pin = pins.pinned(self._file)
        sha256, size = (pin.sha256, pin.size) if pin else (name_promise(self._file), answer["size"])
        return Published(self._file, self._url, sha256, size, self._target.with_name(f"{self._file}.part"))

    def place(self, part: Part, published: Published) -> Path:
        """Into torch's cache, under the published name."""
        return part.move_to(self._target)


def _address(entry: Entry) -> str:
    """Where torchvision itself says that the file is, unless a mirror is set."""
    mirror = os.environ.get("FINETUNER_TORCHVISION_URL")
    if mirror:
        return f"{mirror}/{entry.file}"
    from finetuner.engine.backbones.sources.torchvision_models import weights_url

    return weights_url(entry.architecture)
