"""Precision, recall and F1 of each class."""

from PySide6.QtCore import QCoreApplication

from finetuner.engine.evaluation.certainty import FEWEST, TOO_FEW, WIDEST, class_tells, written
from finetuner.engine.events import ClassScore
from finetuner.gui.widgets.rows_model import Column
from finetuner.gui.widgets.search_table import SearchTable
from finetuner.gui.widgets.ticks import write_percent


def per_class_table() -> SearchTable:
    """A table of ClassScore rows, sortable; `activated` on Enter or double click."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("PerClass", text)

    def share(title: str, name: str) -> Column:
        return Column(title, lambda row: _written(row, name), lambda row: getattr(row, name), number=True, tip=tip)

    tip = tr("In brackets the 95 % interval, in percent")
    doubt = tr("Too few: fewer than {} images of the class, or an interval wider than {:.0f} points").format(
        FEWEST, WIDEST * 100
    )

    columns = (
        Column(tr("Class"), lambda row: row.name, stretch=True),
        share(tr("Precision"), "precision"),
        share(tr("Recall"), "recall"),
        share(tr("F1"), "f1"),
        Column(
            tr("Images"),
            lambda row: f"{row.support:,}" if class_tells(row) else tr("{:,}, too few").format(row.support),
            lambda row: row.support,
            number=True,
            tip=doubt,
        ),
    )
    return SearchTable(columns, tr("Search a class"))


def _written(row: ClassScore, name: str) -> str:
    """`92.3 % (88–95)`."""
    share, interval = getattr(row, name), getattr(row, f"{name}_interval")
    inside = f" ({interval[0] * 100:.0f}–{interval[1] * 100:.0f})" if interval else ""
    return f"{write_percent(share)}{inside}"


def worst(rows: tuple[ClassScore, ...]) -> ClassScore | None:
    """The class with the lowest F1 among those that have images."""
    return min((row for row in rows if row.support), key=lambda row: row.f1, default=None)


def in_doubt(row: ClassScore) -> str:
    """`88 – 95 %, n = 64`, or the words of doubt."""
    if not class_tells(row):
        return f"n = {row.support:,}: {TOO_FEW}"
    return f"n = {row.support:,}" if row.f1_interval is None else f"{written(row.f1_interval)}, n = {row.support:,}"
