"""The user's own weight files: each belongs to an architecture of another source, which builds it."""

from finetuner.engine.backbones.architecture import Architecture, Options
from finetuner.engine.backbones.classic import CLASSICS
from finetuner.engine.backbones.sources import make as make_from


def make(name: str, options: Options) -> Architecture:
    """Build the architecture `name` of timm or of a classic paper, or `torchvision/name`.

    Raises FinetunerError when it cannot be built.
    """
    source, _, bare = name.rpartition("/")
    return make_from(source or ("classic" if bare in CLASSICS else "timm"), bare, options)
