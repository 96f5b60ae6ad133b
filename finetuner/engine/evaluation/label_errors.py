"""Which labels are likely wrong (Northcutt, Jiang and Chuang, Confident Learning, 2021).

Given out-of-fold probabilities p(i, c): what a model says of image i that never saw it. Class c is claimed with
confidence where p(i, c) reaches t(c), the mean of p(i, c) over the images labelled c. An image is likely mislabelled
if its most probable claimed class is not its label, nor less probable than it. Images are ranked by the margin of the
label, p(label) - max p(others), the smallest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.evaluation.numeric import Numbers


@dataclass(frozen=True)
class Suspicion:
    """For n images: the most probable other class, the label's margin (-1 to 1), and whether it is likely wrong."""

    others: NDArray[np.int64]
    margins: Numbers
    likely: NDArray[np.bool_]

    @property
    def order(self) -> NDArray[np.int64]:
        """The images, the most suspicious first."""
        return np.argsort(self.margins, kind="stable")


def suspicion(shares: Numbers, labels: Sequence[int]) -> Suspicion:
    """Judge n labels by out-of-fold probabilities n x C."""
    given = np.asarray(labels)
    rows = np.arange(len(given))
    others = shares.copy()
    others[rows, given] = -1.0
    best = others.argmax(axis=1)
    margins = shares[rows, given] - others[rows, best]
    return Suspicion(best, margins, _claimed_by_others(shares, given) & (margins < 0))


def _claimed_by_others(shares: Numbers, given: NDArray[np.int64]) -> NDArray[np.bool_]:
    thresholds = np.full(shares.shape[1], np.inf)
    for index in np.unique(given):
        thresholds[index] = shares[given == index, index].mean()
    claimed = np.where(shares >= thresholds, shares, 0.0)
    return np.asarray(claimed.any(axis=1) & (claimed.argmax(axis=1) != given))
