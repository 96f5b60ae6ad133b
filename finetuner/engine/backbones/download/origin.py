"""Where an entry's weights are published: what to ask there, and where the file belongs on this disk."""

from pathlib import Path
from typing import Any, Protocol

from finetuner.engine.backbones.download.hub import Hub
from finetuner.engine.backbones.download.order import Answer
from finetuner.engine.backbones.download.part import Part
from finetuner.engine.backbones.download.published import Published
from finetuner.engine.backbones.download.torchvision_files import TorchvisionFiles
from finetuner.engine.backbones.shelf import Entry


class Origin(Protocol):
    """A place that publishes weights."""

    def question(self) -> dict[str, Any]:
        """What to ask before the download."""

    def published(self, answer: Answer) -> Published:
        """The file to fetch. Raises TroubleError when the answer is not to be believed."""

    def place(self, part: Part, published: Published) -> Path:
        """Put the checked file where other programs look for it as well; return its path."""


def origin_of(entry: Entry) -> Origin:
    """The place that publishes this entry."""
    return Hub(entry) if entry.hub else TorchvisionFiles(entry)
