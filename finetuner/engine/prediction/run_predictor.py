"""A run folder as a predictor: the deployed module, in torch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.unknown import with_unknown
from finetuner.engine.prediction.predictor import Answers, Pixels, Shares, refuse_no_numbers
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.training.hardware import choose_device


class RunPredictor:
    """The run's best model, on the fastest device that works. Raises FinetunerError when the run holds none."""

    def __init__(self, run: Path, device: str = "auto") -> None:
        trained = with_unknown(load_best(run), run)
        self.name = run.absolute().name
        self.classes = trained.classes
        self.temperature = trained.temperature
        self.thresholds = Thresholds.load(run).checked(trained.classes)
        self.cut = trained.cut
        self._device = choose_device(device)
        self._deployed = trained.deployed.to(self._device).eval()

    def answer(self, images: Sequence[Pixels]) -> Answers:
        """Answer n images: each is brought to the network's size by itself, then all go through together."""
        with torch.inference_mode():
            ready = torch.cat([self._deployed.preprocess(self._tensor(image)) for image in images])
            parts = [part.cpu().numpy() for part in self._deployed.answer(ready)]
        refuse_no_numbers(self.name, parts)
        return Answers(*parts)

    def predict(self, images: Sequence[Pixels]) -> Shares:
        """The probabilities alone, n x C."""
        return self.answer(images).probabilities

    def _tensor(self, image: Pixels) -> torch.Tensor:
        return torch.from_numpy(np.array(image))[None].to(self._device)
