"""The app's own answer, against which every file is held."""

import numpy as np
import torch

from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.exporters.exporter import Answer, Model, Pixels


def app_model(trained: Trained) -> Model:
    """How the app itself answers an image: the deployed module, which `predict` and `evaluate` run."""
    deployed = trained.deployed.cpu().eval()

    def answer(pixels: Pixels) -> Answer:
        with torch.inference_mode():
            told = deployed(torch.from_numpy(np.array(pixels))[None])
        return tuple(part[0].numpy() for part in told)

    return answer
