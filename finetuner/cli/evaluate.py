"""finetuner evaluate: score a run, or an exported file, on a labelled folder."""

from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from finetuner.cli.output import last, print_json, print_table, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.evaluation.certainty import TOO_FEW, beside, class_tells, written
from finetuner.engine.events import ClassScore, EvaluationEnded, Scores
from finetuner.engine.requests import EvaluateRequest


def evaluate(run: Path, data: Path, *, json: bool = False) -> None:
    """Score RUN on DATA: accuracy with its 95 % interval, confusion, figures per class.

    Parameters
    ----------
    run
        A run folder, or an exported .onnx file.
    data
        A labelled folder or manifest; its test part is scored, else its validation part, else all of it.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    ended = last(generator(EvaluateRequest(run=run, data=data)))
    assert isinstance(ended, EvaluationEnded)
    if json:
        print_json(document(run, ended))
    else:
        _print(ended)


def document(run: Path, ended: EvaluationEnded) -> dict[str, Any]:
    """The scores as scripts read them, and what was left out."""
    return {
        "run": str(run),
        "data": ended.folder,
        **ended.scores.model_dump(mode="json"),
        "skipped": [problem.model_dump() for problem in ended.skipped],
        "notices": list(ended.notices),
    }


def _print(ended: EvaluationEnded) -> None:
    found = ended.scores
    print_table(_classes(found))
    say(f"{found.accuracy:.1%} of {found.n} images right ({beside(found.n, found.accuracy_interval)})")
    for line in _more(found):
        say(line)
    for notice in ended.notices:
        say(f"Note: {notice}")
    for problem in ended.skipped:
        say(f"Set aside: {readable(problem.path)}: {problem.reason}")


def _more(found: Scores) -> list[str]:
    """The figures beside accuracy, each with its interval."""
    lines = []
    if found.balanced_accuracy is not None:
        lines.append(f"Balanced accuracy {found.balanced_accuracy:.1%} ({beside(found.n, found.balanced_interval)})")
    if found.top5 is not None:
        lines.append(f"Among the first five {found.top5:.1%} ({beside(found.n, found.top5_interval)})")
    if found.loss_interval is not None:
        low, high = found.loss_interval
        lines.append(f"Log-loss {found.loss:.4f} nats (95 % interval {low:.4f} to {high:.4f}, n = {found.n:,})")
    return lines


def _classes(scores: Scores) -> Table:
    table = Table("Class", "Precision", "Recall", "F1", "Images", "", box=None)
    for row in scores.per_class:
        doubt = "" if class_tells(row) else TOO_FEW
        table.add_row(escape(readable(row.name)), *_shares(row), f"{row.support:,}", doubt)
    return table


def _shares(row: ClassScore) -> tuple[str, ...]:
    """`0.923 (88.1 – 95.0 %)` of precision, recall and F1."""
    shares = (
        (row.precision, row.precision_interval),
        (row.recall, row.recall_interval),
        (row.f1, row.f1_interval),
    )
    return tuple(f"{share:.3f}" + (f" ({written(interval)})" if interval else "") for share, interval in shares)
