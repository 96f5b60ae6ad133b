"""How sure a share is, or a mean."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.evaluation.numeric import Numbers

_SEED = 0
_DRAWS, _FEWEST_DRAWS, _NUMBERS = 1000, 200, 10_000_000
Interval = tuple[float, float]


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The score interval of a share `hits / n` (Wilson, 1927); z = 1.96 gives 95 %.

    Unlike the normal interval it stays within 0..1 and is honest for small n and for 0 or n hits.
    With n = 0 nothing is known: (0, 1).
    """
    if n == 0:
        return 0.0, 1.0
    share, scale = hits / n, 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == n else centre + half
    return low, high


def of_mean(values: Numbers) -> Interval:
    """The 95 % percentile bootstrap interval (Efron, 1979) of the mean of n values; the same whenever it is asked."""
    generator = np.random.default_rng(_SEED)
    draws = max(_FEWEST_DRAWS, min(_DRAWS, _NUMBERS // max(len(values), 1)))
    return _middle(np.array([generator.choice(values, len(values)).mean() for _ in range(draws)]))


def of_balanced(hits: Sequence[int], supports: Sequence[int]) -> Interval:
    """The interval of the mean recall of classes; the same whenever it is asked.

    Each class's recall is drawn from Beta(hits + 1/2, misses + 1/2) (Jeffreys, 1946): a bootstrap would take a
    faultless class for certain. That prior draws each class towards a half, which adds up over many small classes until
    the interval misses its own figure; so the draws are moved until their centre is the mean recall that was seen.
    """
    n, right = (np.array(counts)[np.array(supports) > 0] for counts in (supports, hits))
    draws = np.random.default_rng(_SEED).beta(right + 0.5, n - right + 0.5, (_DRAWS, len(n))).mean(axis=1)
    seen, centre = (right / n).mean(), ((right + 0.5) / (n + 1)).mean()
    return _middle((draws + seen - centre).clip(0, 1))


def of_f1(hits: int, involved: int) -> Interval:
    """The interval of F1, from `hits` of the images `involved`: those that are of the class or were said to be.

    hits / involved is a share (Jaccard's), and F1 = 2 share / (1 + share) grows with it: so do the interval's ends.
    """
    low, high = wilson(hits, involved)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def of_area(area: float, positives: int, negatives: int, z: float = 1.96) -> Interval:
    """The interval of an area under the ROC curve (Hanley and McNeil, 1982), on the logit scale to stay within 0..1.

    A faultless area is judged as if half a pair of images were in the wrong order, or its interval would be a point.
    """
    pairs = positives * negatives
    a = min(max(area, 0.5 / pairs), 1 - 0.5 / pairs)
    spread = a * (1 - a) + (positives - 1) * (a / (2 - a) - a * a) + (negatives - 1) * (2 * a * a / (1 + a) - a * a)
    half = z * math.sqrt(spread / pairs) / (a * (1 - a))
    low, high = (1 / (1 + math.exp(-(math.log(a / (1 - a)) + side * half))) for side in (-1, 1))
    return (0.0 if area == 0 else low), (1.0 if area == 1 else high)


def _middle(drawn: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)
