"""Architectures of the classic papers. Blocks are the papers' layers."""

from finetuner.engine.backbones.architecture import Architecture, Options
from finetuner.engine.backbones.classic import CLASSICS, Classic
from finetuner.engine.backbones.heads import linear_head
from finetuner.engine.backbones.plain import by_child, config, set_dropout
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError

_HALF = (0.5, 0.5, 0.5)


def make(name: str, options: Options) -> Architecture:
    """Build `name` with random weights. Raises FinetunerError for options that it does not have."""
    classic = CLASSICS[name]
    _refuse(name, classic, options)
    model = classic.make(options.classes)
    if options.dropout is not None:
        set_dropout(name, model, options.dropout)
    preprocessing = Preprocessing(
        input_size=options.image_size or classic.input_size,
        mean=_HALF,
        std=_HALF,
        interpolation="bilinear",
        crop_pct=1.0,
    )
    return Architecture(
        model=model,
        groups=by_child(model),
        head_name=linear_head(model, options.classes),
        preprocessing=preprocessing,
        config=config(name, options.classes, {}, preprocessing),
    )


def _refuse(name: str, classic: Classic, options: Options) -> None:
    if options.drop_path is not None:
        raise FinetunerError(f"The network {name} has no drop path.", "Leave drop path at its default.")
    if options.image_size not in (None, classic.input_size) and not classic.any_size:
        size = classic.input_size
        raise FinetunerError(
            f"The network {name} takes images of {size} pixels only.", f"Set the image size to {size}."
        )
