"""How the table reads a row of the catalogue."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from finetuner.engine.events import BackboneRow
from finetuner.gui.widgets.rows_model import Column

UNKNOWN = ""
# good first choices besides the recommended, small to large; the rest of the shelf follows them
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
WISHES = ("fast", "balanced", "accurate")


def tr(text: str) -> str:
    """Translate within the page."""
    return QCoreApplication.translate("Backbone", text)


def columns() -> tuple[Column, ...]:
    """Name, accuracy, costs, licence, where the weights are; each says in its tip where the number comes from.

    What gives way in a narrow window, the line below the table has as well.
    """
    return (
        Column(tr("Backbone"), lambda row: row.name, stretch=True),
        _number(tr("Top-1 %"), write_top1, lambda row: row.top1, _top1_tip()),
        _number(tr("Params M"), lambda row: write_millions(row.parameters), lambda row: row.parameters, gives_way=2),
        _number(tr("GMACs"), write_gmacs, lambda row: row.gmacs, _gmacs_tip(), gives_way=3),
        _number(tr("Pixels"), lambda row: f"{row.input_size}", lambda row: row.input_size, gives_way=1),
        _number(tr("ms here"), write_milliseconds, lambda row: row.milliseconds, _milliseconds_tip()),
        _number(tr("Train GB"), write_memory, lambda row: row.memory_mb, _memory_tip(), gives_way=4),
        Column(tr("Licence"), write_licence, tip=_licence_tip(), symbol=licence_symbol, widest="nvidia-open-mod"),
        Column(tr("Weights"), write_weights, availability, widest="download 888 MB"),
    )


def _number(
    title: str,
    text: Callable[[BackboneRow], str],
    key: Callable[[BackboneRow], object],
    tip: str = "",
    gives_way: int = 0,
) -> Column:
    return Column(title, text, key, number=True, tip=tip, widest="8,888", gives_way=gives_way)


def said(row: BackboneRow) -> str:
    """What a search looks in: also what has no column of its own."""
    return f"{row.name} {row.family} {row.source} {write_licence(row)} {row.permission} {row.where} {row.recommended}"


def availability(row: BackboneRow) -> tuple[int, float]:
    """Sorts what is at hand first, then small downloads, then what has no weights."""
    rank = {"in the box": 0, "on disk": 0, "download": 1, "random weights only": 2}
    return rank[row.availability], row.size_mb


def write_count(parameters: int) -> str:
    """3.5 M, 640 k."""
    return f"{parameters / 1e6:,.1f} M" if parameters >= 1e6 else f"{parameters / 1e3:,.0f} k"


def write_millions(parameters: int) -> str:
    """3.5, 0.06, 1,012.6."""
    return f"{parameters / 1e6:,.1f}" if parameters >= 1e5 else f"{parameters / 1e6:.2f}"


def write_top1(row: BackboneRow) -> str:
    """72.9, empty where nobody published one."""
    return UNKNOWN if row.top1 is None else f"{row.top1:.1f}"


def write_gmacs(row: BackboneRow) -> str:
    """0.30, 4.1, 322."""
    if row.gmacs is None:
        return UNKNOWN
    return f"{row.gmacs:,.0f}" if row.gmacs >= 100 else f"{row.gmacs:.1f}" if row.gmacs >= 1 else f"{row.gmacs:.2f}"


def write_milliseconds(row: BackboneRow) -> str:
    """8.4, 120; empty until it is measured."""
    if row.milliseconds is None:
        return UNKNOWN
    return f"{row.milliseconds:.1f}" if row.milliseconds < 100 else f"{row.milliseconds:,.0f}"


def write_memory(row: BackboneRow) -> str:
    """2.6 (gigabytes)."""
    return UNKNOWN if row.memory_mb is None else f"{row.memory_mb / 1000:,.1f}"


def write_weights(row: BackboneRow) -> str:
    """Where the weights are, and how large a download is."""
    return tr("none published") if row.availability == "random weights only" else row.where


def write_licence(row: BackboneRow) -> str:
    """The licence's own name, with `NC` before one that forbids commercial use."""
    if row.permission == "none":
        return UNKNOWN
    name = row.licence or tr("unknown")
    return f"NC  {name}" if row.permission == "non-commercial" else name


def licence_symbol(row: BackboneRow) -> str:
    """An icon for what must not be used commercially."""
    return "warning" if row.permission == "non-commercial" else ""


def architecture(name: str) -> str:
    """A backbone's name without the tag of its published weights."""
    return name.partition(".")[0]


def in_reading_order(rows: Sequence[BackboneRow]) -> list[BackboneRow]:
    """The recommended, then what is at hand, then good first choices, then the rest as the catalogue has it."""

    def place(row: BackboneRow) -> tuple[int, bool, int]:
        name = architecture(row.name)
        wish = WISHES.index(row.recommended) if row.recommended in WISHES else len(WISHES)
        return wish, not row.available, FIRST.index(name) if name in FIRST else len(FIRST)

    return sorted(rows, key=place)


def _top1_tip() -> str:
    return tr(
        "ImageNet top-1 accuracy of these weights in percent, as published: in timm's table of results or in "
        "torchvision's documentation. Empty: none is published, often because the weights name no ImageNet classes."
    )


def _gmacs_tip() -> str:
    return tr(
        "Billions of multiply-adds for one image at the network's own size, counted by torch on the network as it is "
        "trained."
    )


def _milliseconds_tip() -> str:
    return tr(
        "Milliseconds for one image on this machine: the median of several passes, fp32. Measured while nothing else "
        "works: the recommended first, what is on this disk, then what you select."
    )


def _memory_tip() -> str:
    return tr(
        "Estimated memory to train every layer, in gigabytes: fp32, AdamW, 32 images a step. A frozen backbone needs "
        "a fraction of it."
    )


def _licence_tip() -> str:
    return tr(
        "The licence of the published weights. NC: not for commercial use. Others than Apache, MIT, BSD and CC-BY "
        "have terms of their own."
    )
