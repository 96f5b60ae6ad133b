"""Architectures of the classic papers. Blocks are the papers' layers."""

from typing import Any

from torch import nn

from finetuner.engine.backbones.architecture import Architecture, Options
from finetuner.engine.backbones.classic import CLASSICS, Classic
from finetuner.engine.backbones.heads import linear_head
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError

_CONTAINERS = frozenset({"features", "classifier"})
_HALF = (0.5, 0.5, 0.5)


def make(name: str, options: Options) -> Architecture:
    """Build `name` with random weights. Raises FinetunerError for options that it does not have."""
    classic = CLASSICS[name]
    _refuse(name, classic, options)
    model = classic.make(options.classes)
    for module in model.modules():
        if isinstance(module, nn.Dropout) and options.dropout is not None:
            module.p = options.dropout
    preprocessing = Preprocessing(
        input_size=options.image_size or classic.input_size,
        mean=_HALF,
        std=_HALF,
        interpolation="bilinear",
        crop_pct=1.0,
    )
    return Architecture(
        model=model,
        groups=_by_layer(model),
        head_name=linear_head(model, options.classes),
        preprocessing=preprocessing,
        config=_config(name, options, preprocessing),
    )


def _refuse(name: str, classic: Classic, options: Options) -> None:
    if options.drop_path is not None:
        raise FinetunerError(f"The network {name} has no drop path.", "Leave drop path at its default.")
    if options.dropout is not None and not classic.any_size:
        raise FinetunerError(f"The network {name} has no dropout.", "Leave dropout at its default.")
    if options.image_size not in (None, classic.input_size) and not classic.any_size:
        size = classic.input_size
        raise FinetunerError(
            f"The network {name} takes images of {size} pixels only.", f"Set the image size to {size}."
        )


def _by_layer(model: nn.Module) -> list[list[str]]:
    """Parameter names by layer, from the image on."""
    groups: dict[str, list[str]] = {}
    for name, _ in model.named_parameters():
        parts = name.split(".")
        groups.setdefault(".".join(parts[: 1 + (parts[0] in _CONTAINERS)]), []).append(name)
    return list(groups.values())


def _config(name: str, options: Options, preprocessing: Preprocessing) -> dict[str, Any]:
    size = preprocessing.input_size
    seen = preprocessing.model_dump(exclude={"input_size"})
    return {
        "architecture": name,
        "model_args": {},
        "pretrained_cfg": {**seen, "num_classes": options.classes, "input_size": (3, size, size)},
    }
