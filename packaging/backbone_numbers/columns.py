"""The catalogue's columns of numbers, for a backbone of each source."""

import sys

import timm
import torch
from torch import nn
from torchvision.models import get_model_builder, get_model_weights

from backbone_numbers.costs import costs
from backbone_numbers.published import timm_top1, torchvision_top1
from finetuner.engine.backbones.classic import CLASSICS

NUMBERS = ("gmacs", "activation_mb", "top1", "top1_size")
CLASSES = 1000
_AUXILIARY = {"googlenet", "inception_v3"}
Numbers = dict[str, object]


def timm_numbers(name: str, size: int) -> Numbers:
    """For a set of timm's weights, or an architecture without any."""
    top1, top1_size = timm_top1(name, size)
    with torch.device("meta"):
        model = timm.create_model(name, num_classes=CLASSES)
    return {"top1": top1, "top1_size": top1_size, **_counted(name, model, size)}


def torchvision_numbers(name: str) -> Numbers:
    """For torchvision's default weights."""
    top1, size = torchvision_top1(get_model_weights(name).DEFAULT)
    return {"top1": top1, "top1_size": size, **_counted(name, torchvision_model(name), int(size))}


def classic_numbers(name: str) -> Numbers:
    """For a network of a classic paper, which nobody publishes weights of."""
    with torch.device("meta"):
        model = CLASSICS[name].make(CLASSICS[name].classes)
    return _counted(name, model, CLASSICS[name].input_size)


def torchvision_model(name: str) -> nn.Module:
    """One of torchvision's classifiers without auxiliary heads, moved to meta: some compute while they are built."""
    extra = {"aux_logits": False, "init_weights": False} if name in _AUXILIARY else {}
    model: nn.Module = get_model_builder(name)(weights=None, **extra)
    return model.to("meta")


def _counted(name: str, model: nn.Module, size: int) -> Numbers:
    """The costs; nothing, with a word on stderr, for a network that does not run on the meta device."""
    try:
        found = costs(model, size)
    except Exception as error:  # noqa: BLE001  whatever an architecture does there; the table leaves it blank
        print(f"{name} at {size}: {error}", file=sys.stderr)
        return {}
    return {"gmacs": f"{found.gmacs:.4g}", "activation_mb": f"{found.activation_mb:.4g}"}
