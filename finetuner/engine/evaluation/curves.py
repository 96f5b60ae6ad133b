"""One class against the rest, at every threshold of its probability."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from finetuner.engine.evaluation.intervals import of_area
from finetuner.engine.evaluation.numeric import Numbers
from finetuner.engine.events import Curve

MOST_POINTS = 100


def curves(positive: NDArray[np.bool_], shares: Numbers) -> dict[str, Any]:
    """ROC and precision-recall of n images, thinned to `MOST_POINTS`, with their areas (the second is the average
    precision); nothing where all images are of the class, or none is."""
    if positive.all() or not positive.any():
        return {}
    false, true, _ = roc_curve(positive, shares)
    precision, recall, _ = precision_recall_curve(positive, shares)
    area, positives = float(roc_auc_score(positive, shares)), int(positive.sum())
    return {
        "roc": _thinned(false, true),
        "precision_recall": _thinned(recall[::-1], precision[::-1]),
        "auc": area,
        "auc_interval": of_area(area, positives, len(positive) - positives),
        "average_precision": float(average_precision_score(positive, shares)),
    }


def _thinned(across: Numbers, up: Numbers) -> Curve:
    """Evenly spaced points of a curve, its ends among them."""
    chosen = np.unique(np.linspace(0, len(across) - 1, min(len(across), MOST_POINTS)).round().astype(int))
    return tuple((round(float(across[index]), 6), round(float(up[index]), 6)) for index in chosen)
