"""ImageNet top-1 accuracy in percent, as the libraries publish it."""

import csv
from functools import cache
from pathlib import Path

from torchvision.models import WeightsEnum

TABLE = Path(__file__).with_name("imagenet_top1.csv")


def timm_top1(name: str, input_size: int) -> tuple[str, int | str]:
    """Accuracy of these weights and the image side at which it was measured; both empty when timm lists none.

    Listed at several sides: the network's own where it is among them, else the nearest.
    """
    listed = _table().get(name, {})
    if not listed:
        return "", ""
    size = min(listed, key=lambda size: (abs(size - input_size), size))
    return listed[size], size


def torchvision_top1(weights: WeightsEnum) -> tuple[str, int | str]:
    """Accuracy of torchvision's weights as their own documentation gives it, at the side they are used with."""
    return f"{weights.meta['_metrics']['ImageNet-1K']['acc@1']:.3f}", weights.transforms().crop_size[0]


@cache
def _table() -> dict[str, dict[int, str]]:
    """Accuracy by image side, by name."""
    found: dict[str, dict[int, str]] = {}
    with open(TABLE, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["model"], {})[int(row["img_size"])] = row["top1"]
    return found
