"""Precision, recall and F1 of each class."""

from PySide6.QtCore import QCoreApplication

from finetuner.engine.events import ClassScore
from finetuner.gui.widgets.rows_model import Column
from finetuner.gui.widgets.search_table import SearchTable
from finetuner.gui.widgets.ticks import write_percent


def per_class_table() -> SearchTable:
    """A table of ClassScore rows, sortable; `activated` on Enter or double click."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("PerClass", text)

    def share(title: str, name: str) -> Column:
        return Column(title, lambda row: write_percent(getattr(row, name)), lambda row: getattr(row, name), number=True)

    columns = (
        Column(tr("Class"), lambda row: row.name, stretch=True),
        share(tr("Precision"), "precision"),
        share(tr("Recall"), "recall"),
        share(tr("F1"), "f1"),
        Column(tr("Images"), lambda row: f"{row.support:,}", lambda row: row.support, number=True),
    )
    return SearchTable(columns, tr("Search a class"))


def worst(rows: tuple[ClassScore, ...]) -> ClassScore | None:
    """The class with the lowest F1 among those that have images."""
    return min((row for row in rows if row.support), key=lambda row: row.f1, default=None)
