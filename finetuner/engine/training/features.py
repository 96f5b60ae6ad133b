"""The frozen network run once over all images."""

from collections.abc import Iterator

import torch
from torch import Tensor

from finetuner.engine.dataset.loader import Loader
from finetuner.engine.training.learner import Learner


def compute_features(learner: Learner, loader: Loader, into: list[Tensor]) -> Iterator[int]:
    """Append the head's inputs, N,F float32 on the CPU, batch by batch; yield how many images are done."""
    learner.network.model.eval()
    for images, _ in loader.plain():
        with torch.no_grad():
            into.append(learner.forward(images, learner.network.features).float().cpu())
        yield sum(len(part) for part in into)
