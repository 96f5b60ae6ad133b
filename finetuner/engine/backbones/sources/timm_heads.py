"""timm's networks with several heads, made to end in one linear map: without this a head could not be solved."""

from typing import Any

import torch
from torch import Tensor, nn

from finetuner.engine.backbones.architecture import StateDict
from finetuner.engine.backbones.heads import path_of

_DISTILLED = (("head", "head_dist"), ("head", "head_distill"), ("heads", "heads_dist"))
# EfficientViM's learned shares of its heads
_SHARES = ("weights", "weights_dist")


def unify(model: Any) -> None:
    """Join the distilled head with the first, drop the auxiliary head, and let averaged heads have equal shares."""
    _join_distilled(model)
    _drop_auxiliary(model)
    _fix_shares(model)


def classifier_path(model: Any) -> str:
    """The path of the module that timm calls the classifier; empty when the model has none of its own."""
    if not hasattr(model, "get_classifier"):
        return ""
    classifier = model.get_classifier()
    first = classifier[0] if isinstance(classifier, tuple | list) else classifier
    return path_of(model, first) if isinstance(first, nn.Module) else ""


def with_equal_shares(model: nn.Module, state: StateDict) -> StateDict:
    """Published shares belong to the published heads; new heads start with equal ones."""
    return state | _shares(model)


def _join_distilled(model: Any) -> None:
    """Make a distilled network's two heads one: their logits are averaged, so one Linear on the mean is the same.

    RepViT keeps both in a module of their own.
    """
    for owner in (model, getattr(model, "head", None)):
        for first, second in _DISTILLED:
            if _has(owner, first) and _has(owner, second):
                setattr(owner, second, getattr(owner, first))


def _has(owner: Any, name: str) -> bool:
    """Whether it has a module of that name, and not an empty one in its place."""
    module = getattr(owner, name, None)
    return isinstance(module, nn.Module) and any(True for _ in module.parameters())


def _drop_auxiliary(model: Any) -> None:
    """VOLO adds the largest of the patches' logits (token labelling); without it the class token alone answers."""
    if _has(model, "aux_head"):
        model.aux_head, model.use_aux_head = None, False
        model._model_args["use_aux_head"] = False


def _fix_shares(model: Any) -> None:
    """EfficientViM weighs its heads; the weighting is made constant, since a head's own weights can say the same."""
    for name in _SHARES:
        if isinstance(getattr(model, name, None), nn.Parameter) and hasattr(model, "heads"):
            shares = torch.ones_like(getattr(model, name), requires_grad=False)
            delattr(model, name)
            model.register_buffer(name, shares)


def _shares(model: nn.Module) -> dict[str, Tensor]:
    return {name: buffer for name, buffer in model.named_buffers(recurse=False) if name in _SHARES}
