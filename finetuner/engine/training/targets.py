"""What the network is asked for: label smoothing, class weights, mixup and cutmix."""

import torch
from torch import Tensor
from torch.nn import functional
from torchvision.transforms import v2

from finetuner.engine.dataset.randomness import mix
from finetuner.engine.job import Job

_STEP = 1 << 40  # keeps the numbers of a step apart from those of a sample


class Targets:
    """Turns a batch into (images, soft or hard targets), and logits into a loss.

    `importance`: what an image of each class counts for where the head is solved on all images at once, if not alike.
    Drawing classes equally often comes to the same as these weights, which the loss then needs no more.
    """

    def __init__(self, job: Job, labels: Tensor, classes: int, device: torch.device) -> None:
        self.smoothing = job.optimisation.label_smoothing
        self.seed = job.compute.seed
        self.importance = None if job.data.balance == "none" else _class_weights(labels, classes).to(device)
        self.weights = self.importance if job.data.balance == "weights" else None
        self.mixes = _mixes(job, classes)

    def seeded(self, epoch: int, batch: int) -> None:
        """Dropout, drop-path and mixing of this step draw from (seed, epoch, batch) alone."""
        torch.manual_seed(mix(self.seed, epoch, _STEP + batch))

    def mixed(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Blend or paste pairs, where the job asks for it; targets become N,C shares."""
        if not self.mixes or len(images) < 2:
            return images, labels
        return self.mixes[int(torch.randint(len(self.mixes), ()))](images, labels)

    def loss(self, logits: Tensor, targets: Tensor, batch: Tensor) -> Tensor:
        """What these images add to the mean cross-entropy over `batch`, the targets of the whole step.

        Label smoothing as in Szegedy et al. (2016).
        """
        total = functional.cross_entropy(
            logits.float(), targets, weight=self.weights, label_smoothing=self.smoothing, reduction="sum"
        )
        return total / self._size(batch)

    def _size(self, targets: Tensor) -> Tensor | int:
        """What a mean divides by: the class weights of hard targets, else the number of images."""
        return len(targets) if self.weights is None or targets.ndim > 1 else self.weights[targets].sum()


def _mixes(job: Job, classes: int) -> list[v2.Transform]:
    """Mixup (Zhang et al., 2018) and CutMix (Yun et al., 2019)."""
    part = job.augmentation
    chosen = []
    if part.mixup:
        chosen.append(v2.MixUp(alpha=part.mixup, num_classes=classes))
    if part.cutmix:
        chosen.append(v2.CutMix(alpha=part.cutmix, num_classes=classes))
    return chosen


def _class_weights(labels: Tensor, classes: int) -> Tensor:
    """Inverse frequency, of mean one over the images."""
    counts = torch.bincount(labels, minlength=classes).float().clamp(min=1)
    return counts.sum() / (counts * classes)
