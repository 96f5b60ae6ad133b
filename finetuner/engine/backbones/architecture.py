"""An architecture as its source builds it: random weights, and what must be known to train and to keep it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from finetuner.engine.dataset.preprocessing import Preprocessing

StateDict = dict[str, Tensor]


@dataclass(frozen=True)
class Options:
    """What can be asked of any architecture. None leaves the architecture's own value."""

    classes: int
    image_size: int | None = None
    dropout: float | None = None
    drop_path: float | None = None


def unchanged(state: StateDict) -> StateDict:
    """Weights that need no translation."""
    return state


@dataclass(frozen=True)
class Architecture:
    """A network with random weights.

    `groups`: parameter names in order of depth, stem first. `adapt` translates published weights to this
    architecture (older key names, position embeddings of another image size). `config`: what timm's
    `config.json` keeps: architecture, num_features, global_pool, model_args, pretrained_cfg.
    """

    model: nn.Module
    groups: list[list[str]]
    head_name: str
    preprocessing: Preprocessing
    config: dict[str, Any] = field(default_factory=dict)
    adapt: Callable[[StateDict], StateDict] = unchanged
