"""Batches: their order comes from (seed, epoch), their augmentation from (seed, epoch, sample)."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from finetuner.engine.dataset.augmentation.draw import numbers_of
from finetuner.engine.dataset.augmentation.presets import AUGMENTATIONS
from finetuner.engine.dataset.augmentation.vary import varied
from finetuner.engine.dataset.feed import Feed
from finetuner.engine.dataset.randomness import mix, uniforms

Batch = tuple[Tensor, Tensor]
Positions = NDArray[np.int64]


def batches_of(images: int, batch_size: int) -> int:
    """How many batches of at most so many images; of none there is an empty one."""
    return max(1, -(-images // batch_size))


class Loader:
    """N,3,S,S batches on the scale 0..255, on the feed's device, with their class indices on the CPU."""

    def __init__(self, feed: Feed, indices: Sequence[int], labels: Sequence[int], batch_size: int) -> None:
        self.feed, self.cache = feed, feed.cache
        self.indices = list(indices)
        self.labels = torch.tensor([labels[index] for index in self.indices], dtype=torch.long)
        self.batches = batches_of(len(self.indices), batch_size)

    @property
    def judged(self) -> bool:
        """Whether its images were cut by the deployed steps, without a margin."""
        return all(index >= self.cache.judged_from for index in self.indices)

    def contents(self) -> Iterator[list[str]]:
        """The SHA-256 sums of the image files in each batch of `plain`."""
        for part in self._parts():
            yield [self.cache.contents[index] for index in self._members(part)]

    def plain(self) -> Iterator[Batch]:
        """Every image once, in order, as the deployed model sees it: uint8."""
        parts = [part for part in self._parts() if len(part)]
        for part, squares in zip(parts, self._squares(parts), strict=True):
            yield self._centres(squares), self.labels[part]

    def centres(self, positions: Iterable[int]) -> Tensor:
        """uint8 N,3,S,S: these images as the deployed model sees them."""
        return self._centres(self.feed.take(self._members(positions)))

    def _centres(self, squares: Tensor) -> Tensor:
        margin, size = (squares.shape[1] - self.cache.input_size) // 2, self.cache.input_size
        return squares.narrow(1, margin, size).narrow(2, margin, size).permute(0, 3, 1, 2)

    def _squares(self, parts: Iterable[Iterable[int]]) -> Iterator[Tensor]:
        return self.feed.stream([self._members(part) for part in parts])

    def _members(self, positions: Iterable[int]) -> list[int]:
        return [self.indices[position] for position in positions]

    def _parts(self) -> list[Positions]:
        return np.array_split(np.arange(len(self.indices)), self.batches)


class TrainLoader(Loader):
    """Shuffled and augmented. Batches are nearly equal in size, so that none is left with a single image."""

    def __init__(
        self, feed: Feed, indices: Sequence[int], labels: Sequence[int], batch_size: int, preset: str, seed: int
    ) -> None:
        super().__init__(feed, indices, labels, batch_size)
        self.seed, self.preset = seed, AUGMENTATIONS[preset]

    def epoch(self, epoch: int, first: int = 0, balanced: bool = False) -> Iterator[Batch]:
        """The batches of `epoch` from number `first` on: float32, the same ones whenever they are asked for."""
        parts = self.positions(epoch, balanced)
        samples = np.array_split(self._told_apart(np.concatenate(parts)), self.batches)[first:]
        for part, sample, squares in zip(parts[first:], samples, self._squares(parts[first:]), strict=True):
            yield self._varied(squares, epoch, sample), self.labels[part]

    def positions(self, epoch: int, balanced: bool) -> list[Positions]:
        """Which images each batch of `epoch` holds."""
        order = self._balanced(epoch) if balanced else self._shuffled(epoch)
        return np.array_split(order, self.batches)

    def view(self, number: int, positions: Sequence[int]) -> Tensor:
        """float32 N,3,S,S: view `number` of these images; each epoch usually looks at its own."""
        return self._varied(self.feed.take(self._members(positions)), number, positions)

    def _varied(self, squares: Tensor, view: int, positions: Iterable[int]) -> Tensor:
        numbers = uniforms((self.seed, view), positions, numbers_of(self.preset))
        return varied(squares, self.preset, numbers, self.cache.input_size)

    def _told_apart(self, order: Positions) -> Positions:
        """A sample's number for each draw of an epoch: the image's own when it is drawn first, then others.

        So an image that a balanced epoch draws several times is varied anew each time.
        """
        by_image = np.argsort(order, kind="stable")
        drawn = order[by_image]
        times = np.empty_like(order)
        times[by_image] = np.arange(len(order)) - np.searchsorted(drawn, drawn)
        return order + times * len(self.indices)

    def _shuffled(self, epoch: int) -> Positions:
        return np.random.default_rng(mix(self.seed, epoch)).permutation(len(self.indices))

    def _balanced(self, epoch: int) -> Positions:
        """As many draws as images, each class equally likely, each image of it equally likely."""
        share = 1.0 / torch.bincount(self.labels)[self.labels].double().numpy()
        generator = np.random.default_rng(mix(self.seed, epoch))
        return generator.choice(len(self.indices), len(self.indices), p=share / share.sum())
