"""torchvision's classification models (BSD-3-Clause). Blocks are their named children, long containers opened."""

from typing import Any

import torchvision
from torch import nn
from torchvision.models import MNASNet, SqueezeNet, get_model_builder, get_model_weights, list_models
from torchvision.transforms import InterpolationMode

from finetuner.engine.backbones.architecture import Architecture, Options
from finetuner.engine.backbones.heads import give_bias, linear_head
from finetuner.engine.backbones.plain import by_child, config, set_dropout
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError

_AUXILIARY = frozenset({"googlenet", "inception_v3"})


class _AnyVersion(MNASNet):  # type: ignore[misc]
    """MNASNet that is loaded without the number of its format, which only pickled files keep."""

    _load_from_state_dict = nn.Module._load_from_state_dict


def make(name: str, options: Options) -> Architecture:
    """Build `name` without its auxiliary heads. Raises FinetunerError when torchvision cannot."""
    model = _create(name, options)
    if isinstance(model, SqueezeNet):
        _pool_first(model)
    if isinstance(model, MNASNet):
        model.__class__ = _AnyVersion
    if options.dropout is not None:
        set_dropout(f"torchvision/{name}", model, options.dropout)
    head_name = linear_head(model, options.classes)
    give_bias(model, head_name)
    preprocessing = _preprocessing(name, options.image_size)
    return Architecture(
        model=model,
        groups=by_child(model),
        head_name=head_name,
        preprocessing=preprocessing,
        config=config(f"torchvision/{name}", options.classes, _arguments(name, options), preprocessing),
    )


def weights_url(name: str) -> str:
    """Where the default weights of a model (`torchvision/resnet18`) are published."""
    url: str = get_model_weights(name.removeprefix("torchvision/")).DEFAULT.url
    return url


def names() -> list[str]:
    """Every classification model's name."""
    found: list[str] = list_models(module=torchvision.models)
    return found


def _create(name: str, options: Options) -> nn.Module:
    arguments = _arguments(name, options)
    try:
        model: nn.Module = get_model_builder(name)(weights=None, num_classes=options.classes, **arguments)
    except (TypeError, ValueError) as error:
        raise FinetunerError(
            f"The network torchvision/{name} cannot be built with these options: {error}.",
            "Leave image size and drop path at their defaults.",
        ) from error
    return model


def _pool_first(model: SqueezeNet) -> None:
    """Average the map before the last convolution, not behind it and a ReLU, so that the head is linear.

    The parameters keep their names and shapes (`classifier.1`); only a new head's meaning changes.
    """
    dropout, convolution = model.classifier[:2]
    model.classifier = nn.Sequential(nn.Sequential(nn.AdaptiveAvgPool2d(1), dropout), convolution)


def _arguments(name: str, options: Options) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if name in _AUXILIARY:
        arguments |= {"aux_logits": False, "init_weights": False}
    if options.drop_path is not None:
        arguments["stochastic_depth_prob"] = options.drop_path
    if options.image_size and name.startswith("vit_"):
        arguments["image_size"] = options.image_size
    if options.image_size and name == "maxvit_t":
        arguments["input_size"] = (options.image_size, options.image_size)
    return arguments


def _preprocessing(name: str, image_size: int | None) -> Preprocessing:
    seen = get_model_weights(name).DEFAULT.transforms()
    bilinear = seen.interpolation == InterpolationMode.BILINEAR
    return Preprocessing(
        input_size=image_size or seen.crop_size[0],
        mean=tuple(seen.mean),
        std=tuple(seen.std),
        interpolation="bilinear" if bilinear else "bicubic",
        crop_pct=min(seen.crop_size[0] / seen.resize_size[0], 1.0),
    )
