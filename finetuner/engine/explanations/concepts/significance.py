"""May it be chance? Directions between random images are what a concept's directions are compared with.

Two questions, and the larger p-value of the two counts:

**Is the share another one than that of random directions?** Welch's t-test over the draws, as the paper tests it. By
itself it is not enough, since all draws share the concept's images: of 25 "concepts" of 40 random images each, 10 were
called significant so in a small ResNet and 8 in a small ViT.

**Is the pull stronger than that of a single random direction?** The concept's mean derivative, as one more observation
beside the random ones. With both questions it was none of those 25.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t, ttest_ind_from_stats

LEVEL = 0.05
Draws = NDArray[np.float64]
"""One number for each draw."""
Speaks = Literal["for", "against", "unclear"]


def p_value(derivatives: NDArray[np.float32], draws: int, tests: int) -> float:
    """Of derivatives N,2D, the concept's first; two-sided, by Bonferroni times the number of `tests`."""
    shares, pulls = shares_of(derivatives), derivatives.mean(axis=0, dtype=np.float64)
    over, under = shares[:draws].mean() - shares[draws:].mean(), pulls[:draws].mean() - pulls[draws:].mean()
    if over * under < 0:  # most images say yes and the few that say no outweigh them
        return 1.0
    larger = max(of_shares(shares[:draws], shares[draws:]), of_pulls(pulls[:draws], pulls[draws:]))
    return min(larger * tests, 1.0)


def shares_of(derivatives: NDArray[np.float32]) -> Draws:
    """The share of images whose logit rises, for each direction: N,D -> D."""
    shares: Draws = (derivatives > 0).mean(axis=0, dtype=np.float64)
    return shares


def of_shares(concept: Draws, chance: Draws) -> float:
    """Welch's t-test of D shares against D shares."""
    deviations = concept.std(ddof=1), chance.std(ddof=1)
    if not any(deviations):
        return 1.0 if concept[0] == chance[0] else 0.0
    means = concept.mean(), chance.mean()
    found = ttest_ind_from_stats(
        means[0], deviations[0], len(concept), means[1], deviations[1], len(chance), equal_var=False
    )
    return float(found.pvalue)


def of_pulls(concept: Draws, chance: Draws) -> float:
    """The t-test of one more observation, the concept's mean, beside D others."""
    distance, deviation = abs(concept.mean() - chance.mean()), chance.std(ddof=1)
    if deviation == 0:
        return 1.0 if distance == 0 else 0.0
    return float(2 * t.sf(distance / (deviation * math.sqrt(1 + 1 / len(chance))), len(chance) - 1))


def speaks(score: float, by_chance: float, p: float) -> Speaks:
    """For or against the class, where it is no chance and on the same side of a half and of random directions."""
    if p >= LEVEL or (score > 0.5) != (score > by_chance):
        return "unclear"
    return "for" if score > 0.5 else "against"


def written(p: float) -> str:
    """p = 0.003, p < 0.001."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.{3 if p < 0.1 else 2}f}"
