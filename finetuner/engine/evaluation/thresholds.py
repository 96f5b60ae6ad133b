"""What becomes of the answers when those below a threshold are *unsure*: figures on held-out, calibrated answers.

The thresholds of a run are chosen and judged on the same validation images; figures for few images flatter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.evaluation.intervals import Interval, wilson
from finetuner.engine.evaluation.numeric import Numbers

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Judged:
    """Answers whose truth is known: `shares` n x C calibrated probabilities, `truth` n class indices, C names."""

    classes: tuple[str, ...]
    truth: Indices
    shares: Numbers

    @cached_property
    def best(self) -> Indices:
        """The most probable class of each image, n."""
        return np.asarray(self.shares.argmax(axis=1))

    @cached_property
    def sure(self) -> Numbers:
        """Its probability, n."""
        return np.asarray(self.shares.max(axis=1))

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Whether it is the truth, n."""
        return self.best == self.truth

    def answered(self, limits: Numbers) -> NDArray[np.bool_]:
        """Which images are answered, n; `limits`: the thresholds of the C classes."""
        return np.asarray(self.sure >= limits[self.best])


@dataclass(frozen=True)
class ClassPoint:
    """One class at its threshold: of `answered` images that are called so, and of `support` that are so.

    Precision: the share of those called so that are. Recall: the share of those that are so that are called so; an
    unsure answer counts against it. Intervals are 95 % Wilson intervals; a figure of no images is None.
    """

    name: str
    threshold: float
    answered: int
    support: int
    precision: float | None
    precision_interval: Interval
    recall: float | None
    recall_interval: Interval


@dataclass(frozen=True)
class OperatingPoint:
    """All classes at their thresholds: how many of `n` images are answered, and how many of these rightly."""

    n: int
    answered: int
    share: float
    share_interval: Interval
    accuracy: float | None
    accuracy_interval: Interval
    classes: tuple[ClassPoint, ...]


def operating_point(judged: Judged, limits: Numbers) -> OperatingPoint:
    """The figures at these thresholds, C."""
    given = judged.answered(limits)
    n, answered, hits = len(given), int(given.sum()), int((given & judged.right).sum())
    return OperatingPoint(
        n=n,
        answered=answered,
        share=answered / n if n else 0.0,
        share_interval=wilson(answered, n),
        accuracy=hits / answered if answered else None,
        accuracy_interval=wilson(hits, answered),
        classes=_class_points(judged, given, limits),
    )


def _class_points(judged: Judged, given: NDArray[np.bool_], limits: Numbers) -> tuple[ClassPoint, ...]:
    called, hit = judged.best[given], judged.best[given & judged.right]
    counts = (_counted(found, len(judged.classes)) for found in (called, judged.truth, hit))
    rows = zip(judged.classes, limits.tolist(), *counts, strict=True)
    return tuple(_class_point(*row) for row in rows)


def _counted(indices: Indices, classes: int) -> list[int]:
    return [int(count) for count in np.bincount(indices, minlength=classes)]


def _class_point(name: str, threshold: float, answered: int, support: int, hits: int) -> ClassPoint:
    return ClassPoint(
        name=name,
        threshold=threshold,
        answered=answered,
        support=support,
        precision=hits / answered if answered else None,
        precision_interval=wilson(hits, answered),
        recall=hits / support if support else None,
        recall_interval=wilson(hits, support),
    )


def as_limits(classes: Sequence[str], values: Mapping[str, float]) -> Numbers:
    """Thresholds by name as an array C; 0 for a class that is not named."""
    return np.array([values.get(name, 0.0) for name in classes])
