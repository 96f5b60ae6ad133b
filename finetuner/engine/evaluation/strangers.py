"""How well a score tells known images from others, and both written out."""

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.evaluation.certainty import TOO_FEW, beside, tells
from finetuner.engine.evaluation.intervals import Interval, of_area, wilson
from finetuner.engine.events import OthersMeasured
from finetuner.engine.run_store.unknown import Unknown

Scores = NDArray[np.floating]


def area_between(known: Scores, others: Scores) -> tuple[float, Interval]:
    """The chance that one of the `others` has a higher score than one of the `known`, with its 95 % interval."""
    from sklearn.metrics import roc_auc_score  # slow to load, and the window says the sentences below

    strange = np.repeat([False, True], [len(known), len(others)])
    area = float(roc_auc_score(strange, np.concatenate([known, others])))
    return area, of_area(area, len(others), len(known))


def in_words(unknown: Unknown | None, others: OthersMeasured | None) -> list[str]:
    """What a report says of images of other kinds, as sentences; nothing of a run that does not know."""
    if unknown is None:
        return []
    return [known_in_words(unknown), others_in_words(others) if others else "Images of other kinds were not tried."]


def known_in_words(unknown: Unknown) -> str:
    """How many known images pass, in a sentence."""
    n, passing = len(unknown.scores), unknown.passing
    return (
        f"Of {n:,} held-out images of its classes {passing / n * 100:.1f} % pass as known"
        f" ({beside(n, wilson(passing, n))}); {unknown.known_share * 100:g} % of new ones are to."
    )


def others_in_words(others: OthersMeasured) -> str:
    """What became of images of other kinds, in a sentence."""
    low, high = others.auroc_interval
    doubt = "" if tells(others.images, others.unknown_interval) else f": {TOO_FEW}"
    return (
        f"Of {others.images:,} images in {others.folder} {others.unknown / others.images * 100:.1f} % are unknown"
        f" ({beside(others.images, others.unknown_interval)}); AUROC {others.auroc:.3f}"
        f" ({low:.3f} – {high:.3f}){doubt}."
    )
