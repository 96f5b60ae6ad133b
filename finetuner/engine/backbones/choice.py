"""From what the user asked for to an architecture and its weights. Torch-free; opens no socket.

`auto` takes the best weights that are on this disk, which is at least the network in the box.
"""

from dataclasses import dataclass
from pathlib import Path

from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import BackbonePart

# of nine candidates under 5 M parameters, on 40 photos a class: as accurate as resnet10t at a quarter of its cost
SCRATCH = "test_resnet"
SCRATCH_SIZE = 96
# above this, a first model on an ordinary machine takes minutes instead of seconds
COMFORTABLE = 30_000_000
RECOMMENDED = "mobilenetv2_100"


@dataclass(frozen=True)
class Choice:
    """An entry of the shelf, and the file with its weights (None: random). `because` explains an automatic choice."""

    entry: Entry
    weights: Path | None
    image_size: int | None = None
    because: str = ""

    @property
    def name(self) -> str:
        """What the network is called: with its tag only when it has the weights published under that tag."""
        own = self.weights is not None and self.weights == self.entry.weights()
        return self.entry.name if own else self.entry.architecture


def choose(part: BackbonePart) -> Choice:
    """Settle which network and which weights are meant. A weight file without a name is not settled here.

    Raises FinetunerError for an unknown name, and when the weights asked for are not on this disk.
    """
    if part.backbone == "auto":
        return _automatic(part)
    entry = find(part.backbone)
    return Choice(entry, part.weights or _weights(entry, part.pretrained), part.image_size)


def _automatic(part: BackbonePart) -> Choice:
    if part.pretrained:
        entry = min((entry for entry in shelf.on_disk_entries() if entry.trainable), key=_preference)
        return Choice(entry, entry.weights(), part.image_size, _because(entry))
    return Choice(
        find(SCRATCH), None, part.image_size or SCRATCH_SIZE, f"A small network ({SCRATCH}) learns from scratch."
    )


def _preference(entry: Entry) -> tuple[bool, bool, int]:
    """The user's before the one in the box; the largest that is comfortable, else the smallest of the others."""
    too_large = entry.parameters > COMFORTABLE
    return entry.bundled, too_large, entry.parameters if too_large else -entry.parameters


def _because(entry: Entry) -> str:
    where = "it comes with the program" if entry.bundled else "its weights are on this disk"
    return f"{entry.name} was chosen: {where}."


def _weights(entry: Entry, pretrained: bool) -> Path | None:
    if not pretrained:
        return None
    found = _own_file(entry) or entry.weights()
    if found is None:
        raise _missing(entry)
    return found


def _own_file(entry: Entry) -> Path | None:
    own = (local for local in shelf.local_entries() if entry in (shelf.by_name()[local.architecture], local))
    return next((local.path for local in own), None)


def _missing(entry: Entry) -> FinetunerError:
    if entry.published:
        return FinetunerError(
            f"The pretrained weights of {entry.name} are not on this disk.",
            f"Download them with: finetuner backbones --download {entry.name}; or give a file with --weights.",
        )
    return FinetunerError(
        f"No pretrained weights of {entry.name} are published.",
        "Give a weight file with --weights, or train from random weights with --no-pretrained.",
    )
