"""A subject without a run: any network, an image of noise."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.backbones.network import Network
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.explanations.explanation import Drawn, Picture
from finetuner.engine.explanations.subject import Subject
from tests.engine.explanations.families import SIDE

NAMES = ("ant", "bee", "cow")


def subject_of(model: nn.Module, target: int = 0, run: Path = Path("run"), side: int = SIDE) -> Subject:
    """`model` as if a run had trained it."""
    seen = Preprocessing(input_size=side, crop_pct=1.0)
    network = Network(model, "net", "timm", (), "head", seen, "random weights", {})
    deployed = Deployed(model, seen).eval()
    photo = Image.fromarray(np.random.default_rng(4).integers(0, 255, (side, side, 3)).astype(np.uint8))
    images = deployed.preprocess(torch.from_numpy(np.array(photo))[None])
    return Subject(run, Trained(network, NAMES, 1.0, deployed), Path("photo.png"), photo, images, target, 0.5)


def drawn(steps: Picture) -> Drawn:
    """The picture, when nobody wants to hear of the passes."""
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            found: Drawn = end.value
            return found
        assert 0 < done <= total
