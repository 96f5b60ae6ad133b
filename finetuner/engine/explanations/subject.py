"""What is explained: a class of an image, as a run's network sees it."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.pixels import Pixels, pixels_of


@dataclass(frozen=True)
class Subject:
    """`images` is the photo after preprocessing, 1,3,S,S; `target` the class, as a number, `probability` its own.

    `run` is the folder that the model came from.
    """

    run: Path
    trained: Trained
    path: Path
    photo: Image.Image
    images: Tensor
    target: int
    probability: float

    @property
    def model(self) -> nn.Module:
        """The network: normalised images N,3,S,S to logits N,C."""
        return self.trained.network.model

    @property
    def targets(self) -> Tensor:
        """The class as methods take it, of shape 1."""
        return torch.tensor([self.target])

    @property
    def label(self) -> str:
        """The class's name."""
        return self.trained.classes[self.target]

    @property
    def pixels(self) -> Pixels:
        """Where black and white are."""
        return pixels_of(self.trained.deployed.preprocess)


def subject(run: Path, trained: Trained, path: Path, label: str | None) -> Subject:
    """The class `label`, the most probable one unless it is given, of the image at `path`.

    Raises FinetunerError: an unreadable image, no such class.
    """
    photo = open_rgb(path)
    images = trained.deployed.preprocess(torch.from_numpy(np.array(photo))[None])
    with torch.no_grad():
        logits = trained.network.model(images)
    shares = torch.softmax(logits / trained.temperature, dim=1)[0]
    target = int(shares.argmax()) if label is None else class_index(label, trained.classes)
    return Subject(run, trained, path, photo, images, target, float(shares[target]))


def class_index(label: str, classes: Sequence[str]) -> int:
    """Where a class stands. Raises FinetunerError with the closest names for a wrong one."""
    if label in classes:
        return list(classes).index(label)
    near = difflib.get_close_matches(label, classes, 3) or list(classes[:10])
    raise FinetunerError(f"The run knows no class called {label}.", f"It knows: {', '.join(near)}.")
