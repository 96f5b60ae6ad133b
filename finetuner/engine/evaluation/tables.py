"""The run's figures as files other programs read: metrics.json and predictions.csv."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from finetuner.engine.documents import read_document, read_json
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.numeric import softmax
from finetuner.engine.evaluation.thresholds import Judged
from finetuner.engine.events import PredictionRow, Scores
from finetuner.engine.files import write_output, write_text

METRICS = "metrics.json"
PREDICTIONS = "predictions.csv"
_LARGEST_PREDICTIONS = 2**30
FIXED_COLUMNS = ("path", "truth", "label", "probability")


def write_metrics(run: Path, scores: Scores, /, **summary: Any) -> Path:
    """Write `RUN/metrics.json`: the scores, and beside them what else `summary` says about the run."""
    write_text(run / METRICS, json.dumps({**summary, **scores.model_dump(mode="json")}, indent=1))
    return run / METRICS


def read_metrics(run: Path) -> Scores:
    """Read the scores back. Raises FinetunerError when the file is missing or not one."""
    try:
        return Scores.model_validate(read_json(run / METRICS))
    except (OSError, ValueError) as error:
        raise FinetunerError(
            f"The figures of {run.name} cannot be read: {error}.", "Evaluate the run again."
        ) from error


def write_predictions(
    run: Path,
    paths: Sequence[str],
    truth: Sequence[int],
    logits: ArrayLike,
    classes: Sequence[str],
    temperature: float = 1.0,
) -> Path:
    """Write `RUN/predictions.csv`: path, truth, label, probability and one column per class; n lines."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*FIXED_COLUMNS, *classes])
    for path, index, shares in zip(paths, truth, softmax(logits, temperature), strict=True):
        best = int(shares.argmax())
        rounded = [f"{share:.6f}" for share in shares]
        table.writerow([path, classes[index], classes[best], rounded[best], *rounded])
    write_text(run / PREDICTIONS, text.getvalue())
    return run / PREDICTIONS


def write_rows(target: Path, rows: Sequence[PredictionRow]) -> None:
    """Write answers that carry all their classes: source, label, probability, one column for each class.

    Where the model has thresholds, `unsure` (yes or no) comes before the classes; where it knows what is unknown to it,
    so does `unknown`.

    Raises FinetunerError when the file cannot be written.
    """
    classes = sorted(name for name, _ in rows[0].top) if rows else []
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    doubts = [name for name in ("unsure", "unknown") if any(getattr(row, name) is not None for row in rows)]
    table.writerow(["source", "label", "probability", *doubts, *classes])
    for row in rows:
        shares, said = dict(row.top), ["yes" if getattr(row, name) else "no" for name in doubts]
        figures = (f"{shares[name]:.6f}" for name in classes)
        table.writerow([row.source, row.label, f"{row.probability:.6f}", *said, *figures])
    try:
        write_output(target, text.getvalue().encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise FinetunerError(f"{target} cannot be written: {error.strerror}.", "Choose another place.") from error


def read_predictions(run: Path, top: int = 5) -> tuple[PredictionRow, ...]:
    """Read the answers back, with the `top` classes of each. Raises FinetunerError when the file is damaged."""
    try:
        head, lines = _read_lines(run)
        return tuple(_row(line, head[len(FIXED_COLUMNS) :], top) for line in lines)
    except (OSError, ValueError, csv.Error) as error:
        raise _unreadable(run, error) from error


def read_judged(run: Path) -> Judged:
    """The run's held-out answers with all their probabilities. Raises FinetunerError when the file is damaged."""
    try:
        head, lines = _read_lines(run)
        classes = tuple(head[len(FIXED_COLUMNS) :])
        truth = [classes.index(line[1]) for line in lines]
        shares = np.array([line[len(FIXED_COLUMNS) :] for line in lines], np.float64).reshape(-1, len(classes))
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise _unreadable(run, error) from error
    if not np.isfinite(shares).all() or not shares.size:
        raise _unreadable(run, ValueError("there is no probability for each class"))
    return Judged(classes, np.array(truth, np.intp), shares)


def _read_lines(run: Path) -> tuple[list[str], list[list[str]]]:
    text = read_document(run / PREDICTIONS, _LARGEST_PREDICTIONS).decode("utf-8", "surrogateescape")
    head, *lines = csv.reader(io.StringIO(text, newline=""))
    return head, lines


def _unreadable(run: Path, error: Exception) -> FinetunerError:
    return FinetunerError(f"The answers of {run.name} cannot be read: {error}.", "Evaluate the run again.")


def _row(line: list[str], classes: list[str], top: int) -> PredictionRow:
    path, truth, label, probability, *shares = line
    ranked = sorted(zip(classes, map(float, shares), strict=True), key=lambda pair: -pair[1])
    return PredictionRow(source=path, truth=truth, label=label, probability=float(probability), top=tuple(ranked[:top]))


def ranked(shares: NDArray[np.floating[Any]], classes: Sequence[str], top: int = 5) -> tuple[tuple[str, float], ...]:
    """The `top` most probable classes of C `shares`, best first."""
    order = (-shares).argsort(kind="stable")[:top]
    return tuple((classes[index], float(shares[index])) for index in order)
