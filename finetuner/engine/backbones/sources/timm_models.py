"""timm's architectures (Wightman, 2019; Apache-2.0). Block order is the model's own `group_matcher`."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import timm
import torch
from timm.models import group_parameters
from torch import nn

from finetuner.engine.backbones.architecture import Architecture, Options, StateDict
from finetuner.engine.backbones.heads import linear_head
from finetuner.engine.backbones.sources.timm_heads import classifier_path, unify, with_equal_shares
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError

# where weights came from is of no use to a network that carries its own
_ORIGIN = ("url", "file", "state_dict", "hf_hub_id", "hf_hub_filename", "source", "custom_load", "label_offset")

# PiT, MetaFormer and CSATv2 have no matcher, RDNet none for whole stages
_USUAL_STAGES = {
    "stem": r"^(?:stem|patch_embed|pos_embed|cls_token)",
    "blocks": r"^(?:stages|dense_stages|transformers)\.(\d+)",
}
_NOT_BY_STAGE = ("RDNet",)

_OPTIONS = {"drop_rate": "dropout", "drop_path_rate": "drop path", "img_size": "image size"}


def make(name: str, options: Options, cfg: dict[str, Any] | None = None) -> Architecture:
    """Build `name` (with or without a pretrained tag). Raises FinetunerError when timm cannot.

    `cfg`: how weights of one's own want an image, in the words of timm's `pretrained_cfg`.
    """
    model = _create(name, options, cfg)
    unify(model)
    _limit_buffers(model)
    head_name = linear_head(model, options.classes, classifier_path(model))
    preprocessing = _preprocessing(model.pretrained_cfg, options.image_size)
    return Architecture(
        model=model,
        groups=list(group_parameters(model, _matcher(model)).values()),
        head_name=head_name,
        preprocessing=preprocessing,
        config=_config(model, options, preprocessing),
        adapt=_filter(model),
    )


def _create(name: str, options: Options, cfg: dict[str, Any] | None) -> Any:
    arguments = _arguments(name, options)
    try:
        return timm.create_model(
            name, pretrained=False, pretrained_cfg_overlay=cfg, num_classes=options.classes, **arguments
        )
    except (TypeError, ValueError, AssertionError, RuntimeError, ImportError) as error:
        raise _cannot_build(name, arguments, error) from error


def _cannot_build(name: str, arguments: dict[str, Any], error: Exception) -> FinetunerError:
    unknown = next((key for key in arguments if f"'{key}'" in str(error)), None)
    if unknown:
        option = _OPTIONS[unknown]
        return FinetunerError(f"The network {name} has no {option}.", f"Leave {option} at its default.")
    asked = ", ".join(f"{_OPTIONS[key]} {value}" for key, value in arguments.items())
    sentence = f"The network {name} cannot be built" + (f" with {asked}" if asked else "")
    return FinetunerError(f"{sentence}: {error}.", "Leave these options at their defaults, or choose another backbone.")


def _arguments(name: str, options: Options) -> dict[str, Any]:
    wanted = {
        "drop_rate": options.dropout,
        "drop_path_rate": options.drop_path,
        "img_size": _built_in_size(name, options),
    }
    return {key: value for key, value in wanted.items() if value is not None}


def _built_in_size(name: str, options: Options) -> int | None:
    """The image size to build for, where the architecture has one built in (most transformers) and it differs."""
    cfg = timm.get_pretrained_cfg(name, allow_unregistered=False)
    fixed = cfg is not None and cfg.fixed_input_size
    return options.image_size if fixed and options.image_size != cfg.input_size[-1] else None


def _limit_buffers(model: nn.Module) -> None:
    """Gemma's unset clipping limits are infinite; as the largest number they clip as little and can be kept."""
    for buffer in model.buffers():
        if buffer.is_floating_point() and not buffer.is_meta:
            buffer.clamp_(torch.finfo(buffer.dtype).min, torch.finfo(buffer.dtype).max)


def _matcher(model: Any) -> Any:
    """Which parameters belong to the stem and to which block, in one of timm's ways to say so."""
    if hasattr(model, "group_matcher") and type(model).__name__ not in _NOT_BY_STAGE:
        return model.group_matcher(coarse=True)
    return _USUAL_STAGES


def _preprocessing(cfg: dict[str, Any], image_size: int | None) -> Preprocessing:
    return Preprocessing(
        input_size=image_size or min(cfg["input_size"][-2:]),
        mean=tuple(cfg["mean"]),
        std=tuple(cfg["std"]),
        interpolation="bilinear" if cfg["interpolation"] == "bilinear" else "bicubic",
        crop_pct=min(cfg["crop_pct"], 1.0),
    )


def _config(model: Any, options: Options, preprocessing: Preprocessing) -> dict[str, Any]:
    """What `config.json` says, in timm's own words, so that `timm.create_model('local-dir:...')` opens it."""
    cfg = {key: value for key, value in model.pretrained_cfg.items() if key not in _ORIGIN}
    arguments = {key: value for key, value in model._model_args.items() if key not in ("num_classes", "drop_rate")}
    size = preprocessing.input_size
    seen = {"num_classes": options.classes, "input_size": (3, size, size), "crop_pct": preprocessing.crop_pct}
    pool = getattr(model, "global_pool", None)
    return {
        "architecture": cfg.pop("architecture"),
        "num_features": model.num_features,
        **({"global_pool": pool} if isinstance(pool, str) else {}),
        "model_args": arguments,
        "pretrained_cfg": {**cfg, **seen, "interpolation": preprocessing.interpolation},
    }


def _filter(model: nn.Module) -> Callable[[StateDict], StateDict]:
    """The translation of published weights: what the model's own module defines, then heads of equal shares."""
    own: Any = getattr(sys.modules[type(model).__module__], "checkpoint_filter_fn", None)
    return partial(_filtered, own, model)


def _filtered(own: Callable[..., StateDict] | None, model: nn.Module, state: StateDict) -> StateDict:
    return with_equal_shares(model, own(dict(state), model) if own else dict(state))
