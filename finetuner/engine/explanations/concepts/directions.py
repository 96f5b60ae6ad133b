"""Concept activation vectors: the direction, among a layer's answers, that leads from random images to the concept."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from finetuner.engine.explanations.explanation import Step

HELD_OUT = 3
"""One image of so many is kept to ask whether a direction tells the two apart."""
_C = 10.0
Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Directions:
    """Of `vectors` F,2D the first D lead to the concept, the others from random images to other random images.

    `accuracy` is the share of held-out images, half of them random, that the concept's directions put on their side.
    """

    vectors: Tensor
    accuracy: float

    @property
    def draws(self) -> int:
        """How many there are of either kind."""
        return self.vectors.shape[1] // 2


def directions(concept: Tensor, random: Tensor, draws: int, seed: int) -> Generator[Step, None, Directions]:
    """Fit `draws` directions of either kind to activations N,F and M,F, each on another sample of equal size."""
    source = np.random.default_rng(seed)
    positive, negative = concept.numpy(), random.numpy()
    size = sample_size(len(concept), len(random))
    towards, by_chance, right = list[Rows](), list[Rows](), list[float]()
    for draw in range(draws):
        one, other = np.split(source.permutation(len(negative))[: 2 * size], 2)
        shown = source.permutation(len(positive))[:size]
        vector, accuracy = direction(positive[shown], negative[one])
        towards.append(vector)
        right.append(accuracy)
        by_chance.append(direction(negative[other], negative[one])[0])
        yield draw + 1, draws
    return Directions(torch.from_numpy(np.stack(towards + by_chance, axis=1)), float(np.mean(right)))


def sample_size(concept: int, random: int) -> int:
    """How many images of either side a direction is drawn from: random ones must suffice for both sides."""
    return min(concept, random // 2)


def direction(positive: Rows, negative: Rows) -> tuple[Rows, float]:
    """The unit normal F of the plane between N,F and N,F, towards the positive ones; the held-out accuracy.

    The first third of either is held out. One scale for all values, so that the plane does not hang on a layer's.
    """
    kept = max(len(positive) // HELD_OUT, 1)
    rows, sides = np.concatenate([positive[kept:], negative[kept:]]), _sides(len(positive) - kept)
    centre = rows.mean(axis=0)
    scale = max(float(np.linalg.norm(rows - centre, axis=1).mean()), 1e-12)
    plane = LogisticRegression(C=_C, max_iter=1000).fit((rows - centre) / scale, sides)
    asked = (np.concatenate([positive[:kept], negative[:kept]]) - centre) / scale
    normal = plane.coef_[0].astype(np.float32)
    return normal / max(float(np.linalg.norm(normal)), 1e-12), float(plane.score(asked, _sides(kept)))


def _sides(each: int) -> NDArray[np.int64]:
    return np.repeat([1, 0], each)
