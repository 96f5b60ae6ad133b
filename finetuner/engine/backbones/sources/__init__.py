"""Where architectures come from: one file per source, each with a function `make(name, options) -> Architecture`.

To add a source: write its file here, add one line to `SOURCES`, and let `packaging/make_catalogue.py` list its names.
A file of the user's (`local`) names an architecture of another source; that one builds it.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finetuner.engine.backbones.architecture import Architecture, Options

SOURCES: dict[str, str] = {
    "bundled": "finetuner.engine.backbones.sources.bundled:make",
    "timm": "finetuner.engine.backbones.sources.timm_models:make",
    "torchvision": "finetuner.engine.backbones.sources.torchvision_models:make",
    "classic": "finetuner.engine.backbones.sources.classic_models:make",
    "local": "finetuner.engine.backbones.sources.local_files:make",
}


def make(source: str, name: str, options: "Options") -> "Architecture":
    """The architecture `name` of `source` with random weights. Raises FinetunerError when it cannot be built."""
    module, _, function = SOURCES[source].partition(":")
    maker: Callable[..., Any] = getattr(import_module(module), function)
    architecture: Architecture = maker(name, options)
    return architecture
