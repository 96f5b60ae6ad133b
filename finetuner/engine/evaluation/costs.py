"""The thresholds of least expected cost, where a wrong answer costs so much and *unsure* so much.

With calibrated probabilities the expected cost of answering class c is the sum over true classes t of p(t) cost(t, c).
For one cost of all mistakes this is Chow's rule (On Optimum Recognition Error and Reject Tradeoff, 1970): answer where
p is at least 1 - cost(unsure) / cost(wrong).
"""

from collections.abc import Sequence

import numpy as np

from finetuner.engine.evaluation.numeric import Numbers
from finetuner.engine.evaluation.thresholds import Judged
from finetuner.engine.run_store.thresholds import Costs


def proposed(judged: Judged, table: Numbers, unsure: float) -> Numbers:
    """For each class the threshold at which its held-out answers are expected to cost least: C.

    `table`: C x C costs, rows are true classes, columns answers. A class that is the best answer for no image gets 0:
    nothing is known of it.
    """
    limits = np.zeros(len(judged.classes))
    for index in np.unique(judged.best):
        images = judged.best == index
        limits[index] = _cheapest(judged.sure[images], judged.shares[images] @ table[:, index] - unsure)
    return limits


def _cheapest(sure: Numbers, loss: Numbers) -> float:
    """Where to cut m answers by their probabilities; `loss`: what answering each costs more than being unsure."""
    order = np.argsort(-sure, kind="stable")
    falling = sure[order]
    total = np.concatenate([[0.0], loss[order].cumsum()])
    total[1:-1][falling[:-1] == falling[1:]] = np.inf  # equal probabilities stand on one side
    kept = len(total) - 1 - int(total[::-1].argmin())
    if kept == len(sure):
        return 0.0
    above = falling[kept - 1] if kept else 1.0
    return float((above + falling[kept]) / 2)


def cost_table(classes: Sequence[str], costs: Costs) -> Numbers:
    """C x C: rows are true classes, columns answers."""
    return np.array([[costs.of(truth, answer) for answer in classes] for truth in classes])


def proposal(judged: Judged, costs: Costs) -> dict[str, float]:
    """`proposed`, by class name."""
    limits = proposed(judged, cost_table(judged.classes, costs), costs.unsure)
    return dict(zip(judged.classes, limits.tolist(), strict=True))


def mean_cost(judged: Judged, limits: Numbers, table: Numbers, unsure: float) -> float:
    """What an image cost on average on these images: as it came, not as it was expected."""
    paid = np.where(judged.answered(limits), table[judged.truth, judged.best], unsure)
    return float(paid.mean())
