"""finetuner evaluate: score a run, or an exported file, on a labelled folder."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from finetuner.cli.output import last, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import EvaluationEnded, Scores
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
    low, high = ended.scores.accuracy_interval
    Console().print(_classes(ended.scores))
    say(f"{ended.scores.accuracy:.1%} of {ended.scores.n} images right (95 % interval {low:.1%} to {high:.1%})")
    for notice in ended.notices:
        say(f"Note: {notice}")
    for problem in ended.skipped:
        say(f"Set aside: {readable(problem.path)}: {problem.reason}")


def _classes(scores: Scores) -> Table:
    table = Table("Class", "Precision", "Recall", "F1", "Images", box=None)
    for row in scores.per_class:
        figures = (f"{value:.3f}" for value in (row.precision, row.recall, row.f1))
        table.add_row(escape(readable(row.name)), *figures, f"{row.support:,}")
    return table
