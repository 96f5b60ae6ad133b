"""The architectures that the field grew from, as their papers describe them; none has published weights.

To add one: write its file here (a function `make(classes) -> nn.Module`), add one line to `CLASSICS`, and let
`packaging/make_catalogue.py` list it. Its test holds it to the shapes and parameter counts that its paper states.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Classic:
    """Where it is written; its paper's input size in pixels and number of classes; whether it takes other sizes."""

    path: str
    input_size: int
    classes: int
    any_size: bool = True

    def make(self, classes: int) -> "nn.Module":
        """The network with random weights."""
        module, _, function = self.path.partition(":")
        maker: Callable[[int], Any] = getattr(import_module(module), function)
        network: nn.Module = maker(classes)
        return network


CLASSICS: dict[str, Classic] = {
    "lenet5": Classic("finetuner.engine.backbones.classic.lenet5:make", 32, 10, any_size=False),
    "alexnet": Classic("finetuner.engine.backbones.classic.alexnet:make", 224, 1000),
    "zfnet": Classic("finetuner.engine.backbones.classic.zfnet:make", 224, 1000),
}
