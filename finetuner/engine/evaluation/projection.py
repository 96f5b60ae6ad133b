"""Features on a plane: PCA at once, t-SNE (van der Maaten and Hinton, 2008) for who is near whom."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from finetuner.engine.evaluation.numeric import Numbers

COMPONENTS = 50
PERPLEXITY = 30.0


class Principal(NamedTuple):
    """The principal components of n rows, n x at most 50, and the share of the variance that the first two hold."""

    rows: Numbers
    explained: float


def principal(features: NDArray[np.floating[Any]], seed: int) -> Principal:
    """PCA of n x F; a second axis of zeros where there is but one."""
    components = min(COMPONENTS, *features.shape)
    fitted = PCA(components, svd_solver="auto", random_state=seed)
    if not np.ptp(features, axis=0).any():
        return Principal(np.zeros((len(features), max(components, 2))), 0.0)
    rows = fitted.fit_transform(np.asarray(features, np.float64))
    share = float(fitted.explained_variance_ratio_[:2].sum())
    return Principal(np.pad(rows, ((0, 0), (0, max(0, 2 - components)))), share)


def neighbours(rows: Numbers, seed: int) -> Numbers:
    """t-SNE of n >= 5 rows, begun from their principal components: n x 2."""
    perplexity = min(PERPLEXITY, (len(rows) - 1) / 3)
    if not rows.any():
        return rows[:, :2]
    return np.asarray(TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(rows), np.float64)
