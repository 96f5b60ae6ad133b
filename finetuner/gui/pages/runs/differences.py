"""How far two runs are apart, class by class."""

from finetuner.engine.evaluation.certainty import TOO_FEW, tells
from finetuner.engine.evaluation.comparison import SIGNIFICANT, ClassDifference, Comparison, exact_mcnemar
from finetuner.engine.evaluation.paired import Pairs
from finetuner.gui.pages.runs.columns import tr
from finetuner.gui.widgets.rows_model import Column
from finetuner.gui.widgets.search_table import SearchTable
from finetuner.gui.widgets.ticks import write_percent


def differences_table() -> SearchTable:
    """A table of ClassDifference rows, all classes together first; differences in points, B less A."""
    columns = (
        Column(tr("Class"), lambda row: row.name, stretch=True),
        Column(tr("Images"), lambda row: f"{row.pairs.images:,}", lambda row: row.pairs.images, number=True),
        Column(tr("A right"), lambda row: write_percent(row.pairs.first), lambda row: row.pairs.first, number=True),
        Column(tr("B right"), lambda row: write_percent(row.pairs.second), lambda row: row.pairs.second, number=True),
        Column(
            tr("Difference"),
            lambda row: f"{row.pairs.difference * 100:+.1f}",
            lambda row: row.pairs.difference,
            number=True,
            tip=tr("B less A, in points"),
        ),
        Column(tr("95 % interval"), lambda row: _interval(row.pairs), lambda row: row.pairs.interval[0], number=True),
        Column(tr("In words"), lambda row: in_words(row.pairs), lambda row: -abs(row.pairs.difference)),
    )
    return SearchTable(columns, tr("Search a class"))


def rows_of(comparison: Comparison) -> list[ClassDifference]:
    """All images, then class by class, the largest difference first."""
    classes = sorted(comparison.per_class, key=lambda row: -abs(row.pairs.difference))
    return [ClassDifference(tr("all classes"), comparison.pairs), *classes]


def in_words(pairs: Pairs) -> str:
    """Which of the two is better, if that can be told; by the same test as the sentence above the table."""
    if not tells(pairs.images, pairs.interval):
        return tr(TOO_FEW)
    if exact_mcnemar(pairs.only_first, pairs.only_second) >= SIGNIFICANT:
        return tr("no difference to be seen")
    return tr("B is better") if pairs.difference > 0 else tr("A is better")


def _interval(pairs: Pairs) -> str:
    low, high = pairs.interval
    return f"{low * 100:+.1f} … {high * 100:+.1f}"
