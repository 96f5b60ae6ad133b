"""What a format must offer so that `export` can write, verify and certify it."""

import difflib
import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate
from finetuner.engine.exporters import EXPORTERS
from finetuner.engine.exporters.availability import lack

Pixels = NDArray[np.uint8]
Answer = tuple[NDArray[np.float32], ...]
"""Probabilities and logits of one image, C each; then, of a model that has it, its unknown score, a single number."""
Model = Callable[[Pixels], Answer]
"""One image, uint8 H x W x 3 (RGB), to its answer."""
Values = NDArray[np.float32]
"""What leaves a layer for one image."""


class Layers(Protocol):
    """The layers of a model that can be looked into. `names` are paths of torch's modules, in order."""

    names: tuple[str, ...]

    def value(self, layer: str) -> Values:
        """What leaves `layer`."""


@dataclass(frozen=True)
class Limits:
    """What a file of a format may cost. A class may change where the app's first two are closer than `tie`.

    `other_class` is the share of images, or one image if that is more, that may get another class beyond ties;
    `accuracy_loss` the loss on labelled images in the same way, None where it is not asked for. The unknown score may
    differ by `score`, and within that of the cut the file may take an image for known that the app does not; of as many
    images as may get another class it may do so beyond that.
    """

    probability: float = 1e-3
    tie: float = 1e-4
    other_class: float = 0.0
    accuracy_loss: float | None = None
    score: float = 1e-3


class Exporter(Protocol):
    """A format. `folder`: it writes a folder rather than one file."""

    folder: bool
    limits: Limits

    def write(self, trained: Trained, target: Path, author: str) -> None:
        """Write `target`, which does not exist yet. Raises FinetunerError when this network cannot be written."""

    def reopen(self, target: Path) -> Model:
        """Open what was written, from disk alone, as a user's program would."""

    def classes(self, target: Path) -> tuple[str, ...]:
        """The names of the classes in index order, as what was written tells them."""

    def layers(self, target: Path, pixels: Pixels) -> Layers | None:
        """Look into what was written while it answers an image; None where the format cannot be looked into."""

    def certify(self, target: Path, certificate: Certificate) -> None:
        """Store the certificate in what was written."""


@runtime_checkable
class Smaller(Exporter, Protocol):
    """A format made of another one's file, `reference`, and told beside it."""

    reference: str

    def shrink(self, full: Path, target: Path, images: Iterable[Pixels]) -> None:
        """Make `target` of the file `full` that `write` wrote, with the help of training images."""


@runtime_checkable
class Illustrated(Exporter, Protocol):
    """A format that shows images; its model card goes into its folder as `card`."""

    card: str

    def illustrate(self, trained: Trained, target: Path, images: Iterable[Pixels]) -> None:
        """Add `images` to what was written."""


@runtime_checkable
class Remarked(Exporter, Protocol):
    """A format of which a certificate must say more than figures: `remark` goes into its note."""

    remark: str


def exporter(name: str) -> Exporter:
    """The exporter of a format. Raises FinetunerError: the right names for a wrong one, or what is lacking here."""
    if name not in EXPORTERS:
        near = difflib.get_close_matches(name, EXPORTERS, 1)
        meant = f"Did you mean {near[0]}?" if near else f"Choose one of: {', '.join(EXPORTERS)}."
        raise FinetunerError(f"There is no export format called {name}.", meant)
    if missing := lack(name):
        raise FinetunerError(f"The format {name} cannot be written here. {missing.sentence}", missing.next_step)
    module, _, attribute = EXPORTERS[name].target.partition(":")
    made: Any = getattr(importlib.import_module(module), attribute)
    return made()
