"""Whether 80 % means 80 %, and how to make it so: temperature scaling (Guo et al., On Calibration, 2017)."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.evaluation.numeric import Numbers, softmax
from finetuner.engine.events import Reliability, ReliabilityBin

FEWEST_IMAGES = 20
COLDEST, HOTTEST = 0.05, 20.0
_HALVINGS = 50
_PRIOR_DEVIATION = 0.5
_BINS = 10


def fit_temperature(logits: ArrayLike, truth: Sequence[int]) -> float:
    """The temperature T > 0 that minimises the negative log-likelihood of softmax(logits / T).

    One positive factor never changes which class is largest, so accuracy is untouched. A weak prior,
    1 / T normal around 1 with deviation 0.5 (worth less than one image), keeps a faultless set from asking
    for T = 0. Returns 1.0 where the data cannot tell: fewer than 20 images, or one true class only.
    """
    z = np.asarray(logits, dtype=np.float64)
    if len(truth) < FEWEST_IMAGES or len(set(truth)) < 2 or not np.isfinite(z).all():
        return 1.0
    return _bisect(z - z.mean(axis=1, keepdims=True), np.asarray(truth))


def _bisect(z: Numbers, truth: NDArray[np.int_]) -> float:
    """Likelihood and prior are convex in 1 / T, so the slope has one zero: halve the interval, on the log scale."""
    cold, hot = math.log(COLDEST), math.log(HOTTEST)
    for _ in range(_HALVINGS):
        middle = (cold + hot) / 2
        if _slope(z, truth, math.exp(middle)) > 0:
            cold = middle
        else:
            hot = middle
    return math.exp((cold + hot) / 2)


def _slope(z: Numbers, truth: NDArray[np.int_], temperature: float) -> float:
    """The derivative of likelihood and prior, summed over images, by 1 / T: positive when T is too cold."""
    likelihood = (softmax(z, temperature) * z).sum() - z[np.arange(len(z)), truth].sum()
    return float(likelihood) + (1 / temperature - 1) / _PRIOR_DEVIATION**2


def reliability(logits: ArrayLike, truth: ArrayLike, temperature: float = 1.0) -> Reliability:
    """How often the answers are right, by their confidence, in ten bins of equal width; empty bins are left out.

    The expected calibration error is the mean distance of confidence and accuracy, weighted by images.
    """
    shares = softmax(logits, temperature)
    confidence, hit = shares.max(axis=1), shares.argmax(axis=1) == np.asarray(truth)
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    bins = tuple(_bin(place, confidence[places == place], hit[places == place]) for place in np.unique(places))
    error = sum(part.n * abs(part.confidence - part.accuracy) for part in bins) / len(confidence)
    return Reliability(error=error, bins=bins)


def _bin(place: int, confidence: Numbers, hit: NDArray[np.bool_]) -> ReliabilityBin:
    return ReliabilityBin(
        low=float(place / _BINS),
        high=float((place + 1) / _BINS),
        confidence=float(confidence.mean()),
        accuracy=float(hit.mean()),
        accuracy_interval=wilson(int(hit.sum()), len(hit)),
        n=len(hit),
    )
