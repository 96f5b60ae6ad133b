"""Quick heads on frozen features, tried on images that they have not seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
NEIGHBOURS = 5
_PENALTIES = (1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5)


@dataclass(frozen=True)
class Trial:
    """Of `images`, how many each head named rightly when they were held out."""

    images: int
    ridge: int
    neighbours: int


def folds_of(labels: NDArray[np.int64]) -> int:
    """How many folds there can be: each class must be in every training part."""
    return min(FOLDS, int(np.bincount(labels).min()))


def trial(features: NDArray[np.float32], labels: NDArray[np.int64], groups: NDArray[np.int64], seed: int) -> Trial:
    """Cross-validate a ridge classifier and the nearest neighbours (cosine). `groups`: look-alikes share a number.

    `features`: N,F. The ridge's penalty is chosen inside each training part (Hoerl & Kennard, 1970; scikit-learn).
    Look-alikes are never divided between a training part and what it is tried on.
    """
    from sklearn.linear_model import RidgeClassifierCV
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    ridge = make_pipeline(StandardScaler(), RidgeClassifierCV(_PENALTIES))
    neighbours = KNeighborsClassifier(NEIGHBOURS, metric="cosine", weights="distance")
    return Trial(
        images=len(labels),
        ridge=_hits(ridge, features, labels, groups, seed),
        neighbours=_hits(neighbours, features, labels, groups, seed),
    )


def _hits(
    head: Any, features: NDArray[np.float32], labels: NDArray[np.int64], groups: NDArray[np.int64], seed: int
) -> int:
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(folds_of(labels), shuffle=True, random_state=seed)
    hits = 0
    for learn, held_out in folds.split(features, labels, groups):
        head.fit(features[learn], labels[learn])
        hits += int((head.predict(features[held_out]) == labels[held_out]).sum())
    return hits
