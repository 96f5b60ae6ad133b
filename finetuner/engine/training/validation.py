"""Judges the network on the validation images after an epoch, in the way that costs least."""

from collections.abc import Generator

import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.dataset.loader import Loader
from finetuner.engine.events import Event
from finetuner.engine.strategies.plan import Phase
from finetuner.engine.training.features import Frozen, Gathered, compute_features
from finetuner.engine.training.keeper import Keeper
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.measurement import Measurement, measure
from finetuner.engine.training.resting import Resting
from finetuner.engine.training.setting import Setting


class Validation:
    """Where a run's only epoch solves the head, its model is the best one: it is `measured` at once, and for good."""

    def __init__(
        self, setting: Setting, keeper: Keeper, learner: Learner, frozen: Frozen, resting: Resting, val: Loader
    ) -> None:
        self.setting, self.keeper, self.learner = setting, keeper, learner
        self.frozen, self.resting, self.val = frozen, resting, val
        self.measured: Measurement | None = None

    def judge(self, phase: Phase) -> Generator[Event, None, tuple[float, float]]:
        """Mean loss and accuracy over the validation images."""
        if not self.setting.plan.learns:
            return (yield from self._measured())
        logits = self._solved() if phase.solve else self._learned(phase)
        return _judged(logits, self.val.labels)

    def _measured(self) -> Generator[Event, None, tuple[float, float]]:
        self.keeper.save_best(self.learner, self.setting.classes)
        self.measured = yield from measure(load_best(self.setting.run.path), self.setting)
        labels = torch.tensor([self.setting.labels[index] for index in self.measured.images])
        return _judged(torch.from_numpy(self.measured.logits), labels)

    def _solved(self) -> Tensor:
        """What a head just solved says: it looks at features, which are kept for the next run."""
        gathered = Gathered()
        for _ in compute_features(self.frozen, self.val, gathered):
            continue
        with torch.no_grad():
            return self.setting.network.head(gathered.rows().to(self.setting.device)).cpu()

    def _learned(self, phase: Phase) -> Tensor:
        plain = (images for images, _ in self.val.plain())
        batches = self.resting.judged(phase) if self.learner.line else plain
        return torch.cat([self.learner.logits(images) for images in batches])


def _judged(logits: Tensor, labels: Tensor) -> tuple[float, float]:
    hits = (logits.argmax(1) == labels).double().mean()
    return float(functional.cross_entropy(logits, labels)), float(hits)
