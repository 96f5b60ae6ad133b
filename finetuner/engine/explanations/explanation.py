"""What a method must offer so that `explain` can run it and the window can offer it."""

import difflib
import importlib
from typing import Any, Protocol

from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations import EXPLANATIONS


class Explanation(Protocol):
    """A method that draws one map per image."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Why class `targets` (N) for normalised `images` (N,3,S,S)? Non-negative maps N,h,w, any h and w.

        `layer` is a module's name; a method that needs none ignores it. Raises FinetunerError when the method
        does not fit the model or the layer.
        """
        ...


def explanation(name: str) -> Explanation:
    """The method of a name. Raises FinetunerError with the right names for a wrong one."""
    if name not in EXPLANATIONS:
        near = difflib.get_close_matches(name, EXPLANATIONS, 1)
        meant = f"Did you mean {near[0]}?" if near else f"Choose one of: {', '.join(EXPLANATIONS)}."
        raise FinetunerError(f"There is no explanation method called {name}.", meant)
    module, _, attribute = EXPLANATIONS[name].partition(":")
    made: Any = getattr(importlib.import_module(module), attribute)
    return made()
