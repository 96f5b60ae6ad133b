"""How the table reads a row of the catalogue."""

from PySide6.QtCore import QCoreApplication

from finetuner.engine.events import BackboneRow
from finetuner.gui.widgets.search_table import Column


def columns() -> tuple[Column, ...]:
    """Name, family, parameters, input side, availability."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Backbone", text)

    return (
        Column(tr("Backbone"), lambda row: row.name, stretch=True),
        Column(tr("Family"), lambda row: row.family),
        Column(tr("Source"), lambda row: row.source),
        Column(tr("Parameters"), lambda row: write_count(row.parameters), lambda row: row.parameters, number=True),
        Column(tr("Input"), lambda row: f"{row.input_size}", lambda row: row.input_size, number=True),
        Column(tr("Weights"), lambda row: row.where, availability),
    )


def availability(row: BackboneRow) -> tuple[int, float]:
    """Sorts what is on disk first, then small downloads, then what has no weights."""
    rank = 0 if row.available else 1 if row.where.startswith("download") else 2
    return rank, row.size_mb


def write_count(parameters: int) -> str:
    """3.5 M, 640 k."""
    return f"{parameters / 1e6:,.1f} M" if parameters >= 1e6 else f"{parameters / 1e3:,.0f} k"
