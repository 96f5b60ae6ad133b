"""What is known of a backbone, in a line of words with where the numbers come from."""

from finetuner.engine.events import BackboneRow
from finetuner.gui.pages.backbone.columns import (
    tr,
    write_count,
    write_gmacs,
    write_memory,
    write_milliseconds,
    write_top1,
)


def facts(row: BackboneRow) -> str:
    """Size, cost, accuracy, licence, and what there is to know besides; what is not known is left out."""
    parts = (
        tr("{} parameters").format(write_count(row.parameters)),
        tr("input {} × {} pixels").format(row.input_size, row.input_size),
        _accuracy(row),
        tr("{} GMACs an image").format(write_gmacs(row)) if row.gmacs is not None else "",
        _speed(row),
        tr("about {} GB to train every layer, 32 images a step").format(write_memory(row)) if row.memory_mb else "",
        tr("weights {}").format(row.where) if row.available else "",
        tr("licence {}").format(row.licence) if row.licence and row.permission != "none" else "",
        row.note,
    )
    return "  ·  ".join(part for part in parts if part)


def _accuracy(row: BackboneRow) -> str:
    if row.top1 is None:
        return ""
    origin = tr("torchvision's documentation") if row.source == "torchvision" else tr("timm's table of results")
    return tr("{} % on ImageNet at {} pixels ({})").format(write_top1(row), row.top1_size, origin)


def _speed(row: BackboneRow) -> str:
    if row.milliseconds is None:
        return ""
    return tr("{} ms an image here ({})").format(write_milliseconds(row), row.measured_on)
