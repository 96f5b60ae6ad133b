"""How well classes are told from the rest, and whether 80 % means 80 %, as pictures of the report."""

from finetuner.engine.evaluation.charts import Chart, share_chart
from finetuner.engine.events import ClassScore, Reliability, Scores

MOST_LINES = 6
_DIAGONAL = ("ideal", "ideal", ((0.0, 0.0), (1.0, 1.0)))


def class_charts(scores: Scores) -> tuple[Chart, ...]:
    """ROC and precision-recall of the classes that are told from the rest worst; nothing where no curve is known."""
    drawn = hardest(scores)
    if not drawn:
        return ()
    roc = [(row.name, f"c{number}", row.roc) for number, row in enumerate(drawn)]
    precision = [(row.name, f"c{number}", row.precision_recall) for number, row in enumerate(drawn)]
    return share_chart("ROC", "false alarms", roc), share_chart("Precision", "recall", precision)


def hardest(scores: Scores) -> list[ClassScore]:
    """At most `MOST_LINES` classes that have curves, the smallest area under ROC first."""
    known = [(row.auc, number) for number, row in enumerate(scores.per_class) if row.auc is not None]
    return [scores.per_class[number] for _, number in sorted(known)[:MOST_LINES]]


def calibration_chart(scores: Scores) -> tuple[Chart, ...]:
    """Right answers by confidence, before and after temperature scaling; nothing where it is not known."""
    if scores.reliability is None or scores.reliability_raw is None:
        return ()
    before, after = _points(scores.reliability_raw), _points(scores.reliability)
    lines = [_DIAGONAL, ("before", "train", before), ("after", "val", after)]
    return (share_chart("Right answers by confidence", "confidence", lines, dots=True),)


def _points(found: Reliability) -> tuple[tuple[float, float], ...]:
    return tuple((part.confidence, part.accuracy) for part in found.bins)
