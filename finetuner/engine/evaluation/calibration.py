"""Temperature scaling (Guo et al., On Calibration of Modern Neural Networks, 2017)."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from finetuner.engine.evaluation.numeric import Numbers, softmax

FEWEST_IMAGES = 20
COLDEST, HOTTEST = 0.05, 20.0
_HALVINGS = 50


def fit_temperature(logits: ArrayLike, truth: Sequence[int]) -> float:
    """The temperature T > 0 that minimises the negative log-likelihood of softmax(logits / T).

    One positive factor never changes which class is largest, so accuracy is untouched. Targets are
    smoothed as Platt (1999) did, or a faultless validation set would ask for T = 0. Returns 1.0 where
    the data cannot tell: fewer than 20 images, or one true class only.
    """
    z = np.asarray(logits, dtype=np.float64)
    if len(truth) < FEWEST_IMAGES or len(set(truth)) < 2 or not np.isfinite(z).all():
        return 1.0
    z = z - z.mean(axis=1, keepdims=True)
    return _bisect(z, _smoothed(truth, z.shape[1]))


def _smoothed(truth: Sequence[int], classes: int) -> Numbers:
    n = len(truth)
    targets = np.full((n, classes), 1 / (n + classes))
    targets[np.arange(n), list(truth)] += n / (n + classes)
    return targets


def _bisect(z: Numbers, targets: Numbers) -> float:
    """The likelihood is convex in 1 / T, so its slope has one zero: halve the interval, on the log scale."""
    cold, hot = math.log(COLDEST), math.log(HOTTEST)
    for _ in range(_HALVINGS):
        middle = (cold + hot) / 2
        if _slope(z, targets, math.exp(middle)) > 0:
            cold = middle
        else:
            hot = middle
    return math.exp((cold + hot) / 2)


def _slope(z: Numbers, targets: Numbers, temperature: float) -> float:
    """The derivative of the mean negative log-likelihood by 1 / T: positive when T is too cold."""
    return float(((softmax(z, temperature) - targets) * z).sum(axis=1).mean())
