"""What `metrics.json` holds, from labelled predictions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.calibration import reliability
from finetuner.engine.evaluation.curves import curves
from finetuner.engine.evaluation.intervals import of_balanced, of_f1, of_mean, wilson
from finetuner.engine.evaluation.numeric import Numbers, log_softmax, softmax
from finetuner.engine.events import ClassScore, Scores

_TOP = 5


def scores(truth: Sequence[int], logits: ArrayLike, classes: Sequence[str], temperature: float = 1.0) -> Scores:
    """Judge n predictions: `truth` n class indices, `logits` n x C, `classes` their C names.

    `loss` is the mean negative log-likelihood (nats) of the probabilities the user sees, that is at `temperature`.
    Raises FinetunerError when there is nothing to judge.
    """
    if not len(truth):
        raise FinetunerError("There is no labelled image to score.", "Add images to the class folders.")
    z, true = np.asarray(logits, dtype=np.float64), np.asarray(truth)
    predicted = z.argmax(axis=1)
    hits, losses = int((predicted == true).sum()), _losses(true, z, temperature)
    counts = confusion(truth, predicted, len(classes))
    return Scores(
        n=len(truth),
        accuracy=hits / len(truth),
        accuracy_interval=wilson(hits, len(truth)),
        loss=float(losses.mean()),
        loss_interval=of_mean(losses),
        classes=tuple(classes),
        confusion=counts,
        per_class=per_class(truth, predicted, classes, softmax(z, temperature)),
        temperature=temperature,
        reliability=reliability(z, true, temperature),
        reliability_raw=reliability(z, true),
        **_balanced(counts),
        **_top5(z, true),
    )


def _losses(true: NDArray[np.int_], logits: Numbers, temperature: float) -> Numbers:
    """Negative log-likelihood in nats of the true classes: n."""
    return np.asarray(-log_softmax(logits / temperature)[np.arange(len(true)), true])


def _balanced(counts: Sequence[Sequence[int]]) -> dict[str, Any]:
    hits, supports = [row[number] for number, row in enumerate(counts)], [sum(row) for row in counts]
    recalls = [hit / support for hit, support in zip(hits, supports, strict=True) if support]
    return {"balanced_accuracy": sum(recalls) / len(recalls), "balanced_interval": of_balanced(hits, supports)}


def _top5(logits: Numbers, true: NDArray[np.int_]) -> dict[str, Any]:
    """How often the truth is among the five largest; nothing to tell with five classes or fewer."""
    if logits.shape[1] <= _TOP:
        return {}
    better = (logits > logits[np.arange(len(true)), true][:, None]).sum(axis=1)
    hits = int((better < _TOP).sum())
    return {"top5": hits / len(true), "top5_interval": wilson(hits, len(true))}


def confusion(truth: Sequence[int], predicted: Any, classes: int) -> tuple[tuple[int, ...], ...]:
    """Counts C x C: rows are true classes, columns predicted ones."""
    matrix = confusion_matrix(list(truth), predicted, labels=range(classes))
    return tuple(tuple(int(count) for count in row) for row in matrix)


def per_class(truth: Sequence[int], predicted: Any, classes: Sequence[str], shares: Numbers) -> tuple[ClassScore, ...]:
    """Precision, recall, F1 and support of each class, 0 where a figure is 0 / 0; its curves from `shares` n x C."""
    true, said = np.asarray(truth), np.asarray(predicted)
    figures = precision_recall_fscore_support(true, said, labels=range(len(classes)), zero_division=0)
    hits = [int(((true == index) & (said == index)).sum()) for index in range(len(classes))]
    involved = [int(((true == index) | (said == index)).sum()) for index in range(len(classes))]
    return tuple(
        ClassScore(
            name=classes[index],
            precision=float(precision),
            recall=float(recall),
            f1=float(f1),
            support=int(support),
            precision_interval=wilson(hits[index], int((said == index).sum())),
            recall_interval=wilson(hits[index], int(support)),
            f1_interval=of_f1(hits[index], involved[index]),
            **curves(true == index, shares[:, index]),
        )
        for index, (precision, recall, f1, support) in enumerate(zip(*figures, strict=True))
    )
