"""How the table reads a row of the catalogue."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from finetuner.engine.events import BackboneRow
from finetuner.gui.widgets.search_table import Column

# good first choices, small to large; the rest of the shelf follows them
FIRST = (
    "mobilenetv2_100",
    "mobilenetv3_small_100",
    "mobilenetv3_large_100",
    "efficientnet_b0",
    "resnet18",
    "resnet50",
    "convnext_atto",
    "convnext_tiny",
    "vit_tiny_patch16_224",
    "vit_small_patch14_dinov2",
)


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


def architecture(name: str) -> str:
    """A backbone's name without the tag of its published weights."""
    return name.partition(".")[0]


def in_reading_order(rows: Sequence[BackboneRow]) -> list[BackboneRow]:
    """What is on disk, then good first choices, then the rest as the catalogue has it."""

    def place(row: BackboneRow) -> tuple[bool, int]:
        name = architecture(row.name)
        return not row.available, FIRST.index(name) if name in FIRST else len(FIRST)

    return sorted(rows, key=place)
