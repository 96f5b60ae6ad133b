"""How strange an image is to a model: its distance to the known ones, in the features of its network.

Deep nearest neighbours (Sun et al., 2022): one less the cosine to the k-th nearest training image. Decision 0024 says
why this, and no other.
"""

from dataclasses import replace
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.backbones import safetensors_file
from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.backbones.refusals import RefusedError
from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.unknown import NUMBERS, Unknown, damaged, keep

METHOD = "nearest neighbours"
NEIGHBOURS = 5
MOST_KNOWN = 1000
"""Training images that are compared with: of a network with 1,280 features they add 5 MB to a file."""
_KNOWN = "known"


class Strangeness(nn.Module):
    """`known`: rows M,F of unit length, the features of training images."""

    def __init__(self, known: Tensor) -> None:
        super().__init__()
        self.register_buffer(_KNOWN, known)
        self.neighbours = min(NEIGHBOURS, len(known))

    @classmethod
    def among(cls, features: Tensor) -> "Strangeness":
        """Among the training images that have these features, M,F of any length."""
        return cls(functional.normalize(features.float(), dim=1))

    def forward(self, features: Tensor) -> Tensor:
        """Features N,F -> N float32: 0 where five known images are the same, 1 where none has anything in common."""
        likeness = functional.normalize(features.float(), dim=1) @ self.get_buffer(_KNOWN).T
        return 1 - likeness.topk(self.neighbours, dim=1).values[:, -1]

    def saved(self) -> bytes:
        """The content of a safetensors file from which `with_unknown` makes it again."""
        return safetensors.torch.save({_KNOWN: self.get_buffer(_KNOWN).detach().cpu().contiguous()})


def with_unknown(trained: Trained, folder: Path) -> Trained:
    """The same that also knows what is unknown to it, where the run or exported `folder` keeps that.

    Raises FinetunerError when what it keeps is damaged, or another network's.
    """
    unknown = Unknown.load(folder)
    if unknown is None:
        return trained
    known, head = _read(folder), trained.network.head
    if unknown.method != METHOD or known.ndim != 2 or known.shape[1] != head.in_features or not len(known):
        raise damaged(folder)
    deployed = Deployed(
        trained.network.model, trained.network.preprocessing, trained.temperature, head, Strangeness(known)
    )
    return replace(trained, deployed=deployed.eval(), unknown=unknown)


def copy_unknown(trained: Trained, folder: Path) -> None:
    """Keep in `folder` what `with_unknown` reads, if there is anything. Raises OSError."""
    unknown, score = trained.unknown, trained.deployed.unknown
    if unknown is not None and isinstance(score, Strangeness):
        keep(folder, unknown.method, unknown.scores, score.saved(), unknown.known_share)


def _read(folder: Path) -> Tensor:
    try:
        return safetensors_file.read(folder / NUMBERS)[_KNOWN]
    except (FinetunerError, RefusedError, KeyError) as error:
        raise damaged(folder) from error


def chosen(labels: list[int], seed: int) -> list[int]:
    """The places of at most `MOST_KNOWN` images, dealt out to the classes in turn so that none is left without any."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).tolist()
    turns: dict[int, int] = {}
    dealt = []
    for place in order:
        turns[labels[place]] = turns.get(labels[place], -1) + 1
        dealt.append((turns[labels[place]], place))
    return sorted(place for _, place in sorted(dealt)[:MOST_KNOWN])
