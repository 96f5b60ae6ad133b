"""What a method must offer so that `explain` can run it and the window can offer it."""

import difflib
import importlib
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.pixels import IMAGENET, OnPixels, Pixels
from finetuner.engine.explanations.subject import Subject

Step = tuple[int, int]
"""So many passes of so many are done."""
Maps = Generator[Step, None, Tensor]
"""A method on its way: it may be closed between two passes, and ends with its maps."""


class Explanation(Protocol):
    """A method that draws one map per image."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor | Maps:
        """Why class `targets` (N) for normalised `images` (N,3,S,S)? Maps N,h,w, any h and w.

        `layer` is a module's name; a method that needs none ignores it. Where the menu says `signed`, a negative
        value speaks against the class; elsewhere no value is negative. A quick method gives its maps at once, a long
        one is a generator. The model, in eval mode, is left as it was. Raises FinetunerError when the method does
        not fit the model or the layer.
        """
        ...


@dataclass(frozen=True)
class Drawn:
    """A picture H,W,3 of uint8, at which layer, and what there is to say about it."""

    picture: NDArray[np.uint8]
    sentence: str
    layer: str = ""


Picture = Generator[Step, None, Drawn]
"""A drawing on its way: it may be closed between two passes, and ends with its picture."""


class Drawing(Protocol):
    """A method that draws an image of its own rather than heat on the photo."""

    def draw(self, subject: Subject, layer: str | None) -> Picture:
        """Draw it for the subject; `layer` is the module that is wished for, if any.

        The model is left as it was. Raises FinetunerError when the method does not fit the model or the layer.
        """
        ...


def explanation(name: str, pixels: Pixels = IMAGENET) -> Explanation:
    """The method of a map's name, for pixels so normalised. Raises FinetunerError for a wrong name."""
    made = _found(name)
    found: Explanation = made(pixels) if issubclass(made, OnPixels) else made()
    return found


def drawing(name: str) -> Drawing:
    """The method of a picture's name. Raises FinetunerError for a wrong name."""
    found: Drawing = _found(name)()
    return found


def _found(name: str) -> Any:
    refuse_unknown(name)
    module, _, attribute = EXPLANATIONS[name].target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def refuse_unknown(name: str) -> None:
    """Raises FinetunerError with the right names for a wrong one."""
    if name not in EXPLANATIONS:
        near = difflib.get_close_matches(name, EXPLANATIONS, 1)
        meant = f"Did you mean {near[0]}?" if near else f"Choose one of: {', '.join(EXPLANATIONS)}."
        raise FinetunerError(f"There is no explanation method called {name}.", meant)


def stepwise(found: Tensor | Maps) -> Maps:
    """Quick and long methods alike, as a generator."""
    return found if isinstance(found, Tensor) else (yield from found)


def finished(found: Tensor | Maps) -> Tensor:
    """The maps, N,h,w, when nobody wants to hear of the passes."""
    steps = stepwise(found)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            maps: Tensor = end.value
            return maps
