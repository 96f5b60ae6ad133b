"""How ReLUs pass gradients back: by another rule within a `with` block, whether they are modules or calls."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.gradients import by_pixels

_RELUS = (functional.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_, functional.relu6)
_UP_TO_SIX = (functional.hardtanh, functional.relu6)
Rule = Callable[[Tensor, Tensor], Tensor]
"""(what went into a ReLU, what came out) -> the same output, with another way back."""


class Rectifiers(TorchFunctionMode):
    """Within the block every ReLU and ReLU6 passes gradients back by `rule`. The network itself stays as it is."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self.met = 0
        self._rule = rule

    def __torch_function__(self, func: Callable[..., Any], types: object, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if not _rectifies(func, args, kwargs):
            return func(*args, **kwargs)
        self.met += 1
        inputs = args[0] if args else kwargs["input"]
        # out of place, since the rule needs what went in
        return self._rule(inputs, inputs.clamp(0, 6) if func in _UP_TO_SIX else inputs.relu())


def guided(inputs: Tensor, output: Tensor) -> Tensor:
    """Gradients pass where the ReLU was open and they are positive."""
    if output.requires_grad:
        output.register_hook(torch.relu)
    return output


def deconvolved(inputs: Tensor, output: Tensor) -> Tensor:
    """Gradients pass where they are positive, be the ReLU open or not."""
    passed = inputs + (output - inputs).detach()
    return guided(inputs, passed)


def rectified_gradient(model: nn.Module, images: Tensor, targets: Tensor, rule: Rule, method: str) -> Tensor:
    """d logit / d pixel with ReLUs that pass gradients back by `rule`: N,3,S,S.

    Raises FinetunerError for a network without ReLU, where it would be the plain gradient. In one that also has
    other activations (MobileNetV3), those pass gradients as ever.
    """
    with Rectifiers(rule) as mode:
        found = by_pixels(model, images, targets)
    if not mode.met:
        raise FinetunerError(
            f"{method} changes how ReLUs pass gradients back, and this network has none: it would show plain saliency.",
            "Choose smoothgrad or integrated-gradients.",
        )
    return found


def _rectifies(func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    if func in _RELUS:
        return True
    if func is not functional.hardtanh:  # what ReLU6 calls
        return False
    limits = (*args[1:3], *(kwargs[name] for name in ("min_val", "max_val") if name in kwargs))
    return limits == (0, 6)
