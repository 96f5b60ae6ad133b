"""Batches: their order comes from (seed, epoch), their augmentation from (seed, epoch, sample)."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from finetuner.engine.dataset.augmentation import AUGMENTATIONS, augmented
from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.randomness import mix

Batch = tuple[Tensor, Tensor]
Positions = NDArray[np.int64]


class Loader:
    """uint8 N,3,S,S batches with their class indices, read from the pixel cache."""

    def __init__(self, cache: PixelCache, indices: Sequence[int], labels: Sequence[int], batch_size: int) -> None:
        self.cache = cache
        self.indices = list(indices)
        self.labels = torch.tensor([labels[index] for index in self.indices], dtype=torch.long)
        self.batches = max(1, -(-len(self.indices) // batch_size))

    @property
    def judged(self) -> bool:
        """Whether its images were cut by the deployed steps, without a margin."""
        return all(index >= self.cache.judged_from for index in self.indices)

    def contents(self) -> Iterator[list[str]]:
        """The SHA-256 sums of the image files in each batch of `plain`."""
        for part in self._parts():
            yield [self.cache.contents[self.indices[position]] for position in part]

    def plain(self) -> Iterator[Batch]:
        """Every image once, in order, as the deployed model sees it."""
        for part in self._parts():
            yield self.centres(part), self.labels[part]

    def centres(self, positions: Iterable[int]) -> Tensor:
        """N,3,S,S: these images as the deployed model sees them."""
        pixels = np.stack([self.cache.centre(self.indices[position]) for position in positions])
        return torch.from_numpy(pixels).permute(0, 3, 1, 2)

    def _parts(self) -> list[Positions]:
        return np.array_split(np.arange(len(self.indices)), self.batches)


class TrainLoader(Loader):
    """Shuffled and augmented. Batches are nearly equal in size, so that none is left with a single image."""

    def __init__(
        self, cache: PixelCache, indices: Sequence[int], labels: Sequence[int], batch_size: int, preset: str, seed: int
    ) -> None:
        super().__init__(cache, indices, labels, batch_size)
        self.seed = seed
        self._transform = AUGMENTATIONS[preset](cache.input_size)

    def epoch(self, epoch: int, first: int = 0, balanced: bool = False) -> Iterator[Batch]:
        """The batches of `epoch` from number `first` on: the same ones whenever they are asked for."""
        for part in self.positions(epoch, balanced)[first:]:
            yield self.view(epoch, part.tolist()), self.labels[part]

    def positions(self, epoch: int, balanced: bool) -> list[Positions]:
        """Which images each batch of `epoch` holds."""
        order = self._balanced(epoch) if balanced else self._shuffled(epoch)
        return np.array_split(order, self.batches)

    def view(self, number: int, positions: Iterable[int]) -> Tensor:
        """N,3,S,S: view `number` of these images; each epoch usually looks at its own."""
        return torch.stack([self._augmented(number, position) for position in positions])

    def _augmented(self, view: int, position: int) -> Tensor:
        pixels = torch.from_numpy(np.array(self.cache.square(self.indices[position]))).permute(2, 0, 1)
        return augmented(self._transform, pixels, self.seed, view, position)

    def _shuffled(self, epoch: int) -> Positions:
        return np.random.default_rng(mix(self.seed, epoch)).permutation(len(self.indices))

    def _balanced(self, epoch: int) -> Positions:
        """As many draws as images, each class equally likely, each image of it equally likely."""
        share = 1.0 / torch.bincount(self.labels)[self.labels].double().numpy()
        generator = np.random.default_rng(mix(self.seed, epoch))
        return generator.choice(len(self.indices), len(self.indices), p=share / share.sum())
