"""What sources without timm's conventions share: blocks by child, dropout before the head, and what a run keeps."""

import re
from itertools import takewhile
from typing import Any

from torch import nn

from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError

_CONTAINERS = frozenset({"features", "layers", "blocks", "encoder", "trunk_output", "classifier", "heads"})
# a transformer's loose parameters (class token, position embedding) belong to its stem
_STEM = re.compile(r"(conv\d?|conv_proj|stem|bn1|Conv2d_\w+|class_token|encoder)$")


def by_child(model: nn.Module) -> list[list[str]]:
    """Parameter names by child, containers opened, the leading convolutions together as the stem."""
    groups: dict[str, list[str]] = {}
    for name, _ in model.named_parameters():
        groups.setdefault(_child(name), []).append(name)
    stem = list(takewhile(_STEM.match, groups))
    first = [name for child in stem for name in groups.pop(child)]
    return [first, *groups.values()] if first else list(groups.values())


def _child(parameter: str) -> str:
    """The module that a parameter is counted to: `layer1`, `features.3`, `encoder.layers.encoder_layer_0`."""
    parts = parameter.split(".")
    depth = 1
    while parts[depth - 1] in _CONTAINERS and depth < len(parts) - 1:
        depth += 1
    return ".".join(parts[:depth])


def set_dropout(name: str, model: nn.Module, rate: float) -> None:
    """Set the dropout before the head. Raises FinetunerError when the network `name` has none."""
    found = [module for path, module in model.named_modules() if _before_head(path) and isinstance(module, nn.Dropout)]
    if not found:
        raise FinetunerError(f"The network {name} has no dropout.", "Leave dropout at its default.")
    for module in found:
        module.p = rate


def _before_head(path: str) -> bool:
    return path.split(".")[0] in {"classifier", "dropout"}


def config(name: str, classes: int, arguments: dict[str, Any], preprocessing: Preprocessing) -> dict[str, Any]:
    """What `config.json` says of the architecture `name`, in timm's words."""
    size = preprocessing.input_size
    seen = preprocessing.model_dump(exclude={"input_size"})
    return {
        "architecture": name,
        "model_args": arguments,
        "pretrained_cfg": {**seen, "num_classes": classes, "input_size": (3, size, size)},
    }
