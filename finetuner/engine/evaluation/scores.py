"""What `metrics.json` holds, from labelled predictions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.evaluation.numeric import Numbers, log_softmax
from finetuner.engine.events import ClassScore, Scores


def scores(truth: Sequence[int], logits: ArrayLike, classes: Sequence[str], temperature: float = 1.0) -> Scores:
    """Judge n predictions: `truth` n class indices, `logits` n x C, `classes` their C names.

    `loss` is the mean negative log-likelihood (nats) of the probabilities the user sees, that is at `temperature`.
    Raises FinetunerError when there is nothing to judge.
    """
    if not len(truth):
        raise FinetunerError("There is no labelled image to score.", "Add images to the class folders.")
    z = np.asarray(logits, dtype=np.float64)
    predicted = z.argmax(axis=1)
    hits = int((predicted == np.asarray(truth)).sum())
    return Scores(
        n=len(truth),
        accuracy=hits / len(truth),
        accuracy_interval=wilson(hits, len(truth)),
        loss=mean_loss(truth, z, temperature),
        classes=tuple(classes),
        confusion=confusion(truth, predicted, len(classes)),
        per_class=per_class(truth, predicted, classes),
        temperature=temperature,
    )


def mean_loss(truth: Sequence[int], logits: Numbers, temperature: float) -> float:
    """Mean negative log-likelihood in nats of the true classes."""
    logs = log_softmax(logits / temperature)
    return float(-logs[np.arange(len(truth)), list(truth)].mean())


def confusion(truth: Sequence[int], predicted: Any, classes: int) -> tuple[tuple[int, ...], ...]:
    """Counts C x C: rows are true classes, columns predicted ones."""
    matrix = confusion_matrix(list(truth), predicted, labels=range(classes))
    return tuple(tuple(int(count) for count in row) for row in matrix)


def per_class(truth: Sequence[int], predicted: Any, classes: Sequence[str]) -> tuple[ClassScore, ...]:
    """Precision, recall, F1 and support of each class; 0 where a figure is 0 / 0."""
    figures = precision_recall_fscore_support(list(truth), predicted, labels=range(len(classes)), zero_division=0)
    return tuple(
        ClassScore(name=name, precision=float(p), recall=float(r), f1=float(f), support=int(n))
        for name, p, r, f, n in zip(classes, *figures, strict=True)
    )
