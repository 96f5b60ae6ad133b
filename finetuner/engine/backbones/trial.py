"""One blank image through a network: does it take images of this size?"""

import torch
from torch import nn

from finetuner.engine.errors import FinetunerError


def refuse_wrong_size(model: nn.Module, name: str, size: int) -> None:
    """Raise FinetunerError when `model` cannot see images of `size` pixels.

    Some architectures divide the image into windows or halve it so often that nothing is left of a small one;
    which sizes they take is written down nowhere, so they are asked.
    """
    training = model.training
    try:
        with torch.no_grad():
            model.eval()(torch.zeros(1, 3, size, size))
    except (RuntimeError, AssertionError, ValueError, IndexError) as error:
        raise FinetunerError(
            f"The network {name} cannot see images of {size} pixels{_reason(error)}.",
            "Leave the image size at its default, or choose another multiple of 32 or of the patch size.",
        ) from error
    finally:
        model.train(training)


def _reason(error: Exception) -> str:
    """The library's own, where it gives one."""
    lines = str(error).splitlines()
    return f": {lines[0].removesuffix('.')}" if lines else ""
