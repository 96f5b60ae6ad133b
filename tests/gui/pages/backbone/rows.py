"""Rows of a small catalogue."""

from typing import Any

from finetuner.engine.events import BackboneRow


def row(name: str, where: str = "download 14 MB", **others: Any) -> BackboneRow:
    known = {
        "source": "timm", "family": "efficientnet", "architecture": name.partition(".")[0], "parameters": 3_500_000,
        "input_size": 224, "size_mb": 14.0, "licence": "apache-2.0", "permission": "free",
    }  # fmt: skip
    availability = where if where in ("on disk", "in the box", "random weights only") else "download"
    at_hand = {"available": availability in ("on disk", "in the box"), "availability": availability, "where": where}
    return BackboneRow.model_validate({"name": name, **known, **at_hand, **others})
