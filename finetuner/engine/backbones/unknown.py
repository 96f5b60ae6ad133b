"""How strange an image is to a model: how little its head says, and how far the image is from the known ones.

The sum of the energy (Liu et al., 2020), the logarithm of the summed exponentials of the logits, and of the distance to
the k-th nearest training image (Sun et al., 2022), each in standard deviations of held-out known images. Decision 0024
says why both.
"""

from dataclasses import replace
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.backbones import safetensors_file
from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.unknown import NUMBERS, Unknown, damaged, keep

METHOD = "energy and nearest neighbours"
NEIGHBOURS = 5
MOST_KNOWN = 1000
"""Training images that are compared with: of a network with 1,280 features they add 5 MB to a file."""
_KNOWN, _CENTRES, _SPREADS = "known", "centres", "spreads"
_LEAST_SPREAD = 1e-3


class Strangeness(nn.Module):
    """`known`: rows M,F of unit length, the features of training images.

    `centres`, `spreads`: mean and deviation of energy and distance over held-out known images, 2 each.
    """

    def __init__(self, known: Tensor, centres: Tensor, spreads: Tensor) -> None:
        super().__init__()
        self.neighbours = min(NEIGHBOURS, len(known))
        for name, value in ((_KNOWN, known), (_CENTRES, centres), (_SPREADS, spreads)):
            self.register_buffer(name, value)

    @classmethod
    def among(cls, features: Tensor, held_out: Tensor, logits: Tensor) -> "Strangeness":
        """Among training images with these features M,F; `held_out` n,F and `logits` n,C: of other known images."""
        made = cls(functional.normalize(features.float(), dim=1), torch.zeros(2), torch.ones(2))
        parts = made.parts(held_out, logits)
        spreads = parts.std(0, correction=0).clamp(min=_LEAST_SPREAD)
        return cls(made.get_buffer(_KNOWN), parts.mean(0), spreads)

    def parts(self, features: Tensor, logits: Tensor) -> Tensor:
        """Features N,F and logits N,C -> energy and distance, N,2 float32.

        Distance: one less the cosine, 0 where five known images are the same.
        """
        likeness = functional.normalize(features.float(), dim=1) @ self.get_buffer(_KNOWN).T
        distance = 1 - self.furthest(likeness)
        return torch.stack([-torch.logsumexp(logits.float(), dim=1), distance], dim=1)

    def furthest(self, likeness: Tensor) -> Tensor:
        """The likeness N,M to all known images -> that to the last of the nearest, N."""
        return likeness.topk(self.neighbours, dim=1).values[:, -1]

    def forward(self, features: Tensor, logits: Tensor) -> Tensor:
        """Features N,F and logits N,C -> N float32, around 0 for known images."""
        return ((self.parts(features, logits) - self.get_buffer(_CENTRES)) / self.get_buffer(_SPREADS)).sum(1)

    def saved(self) -> bytes:
        """The content of a safetensors file from which `with_unknown` makes it again."""
        return safetensors.torch.save({name: value.cpu().contiguous() for name, value in self.named_buffers()})


def with_unknown(trained: Trained, folder: Path) -> Trained:
    """The same that also knows what is unknown to it, where the run or exported `folder` keeps that.

    Raises FinetunerError when what it keeps is damaged, or another network's.
    """
    unknown = Unknown.load(folder)
    if unknown is None:
        return trained
    score, head = _read(folder), trained.network.head
    if unknown.method != METHOD or score.get_buffer(_KNOWN).shape[1] != head.in_features:
        raise damaged(folder)
    deployed = Deployed(trained.network.model, trained.network.preprocessing, trained.temperature, head, score)
    return replace(trained, deployed=deployed.eval(), unknown=unknown)


def copy_unknown(trained: Trained, folder: Path) -> None:
    """Keep in `folder` what `with_unknown` reads, if there is anything. Raises OSError."""
    unknown, score = trained.unknown, trained.deployed.unknown
    if unknown is not None and isinstance(score, Strangeness):
        keep(folder, unknown.method, unknown.scores, score.saved(), unknown.known_share)


def _read(folder: Path) -> Strangeness:
    try:
        found = safetensors_file.read(folder / NUMBERS)
        known, centres, spreads = (found[name].float() for name in (_KNOWN, _CENTRES, _SPREADS))
    except (FinetunerError, KeyError) as error:
        raise damaged(folder) from error
    if known.ndim != 2 or not len(known) or centres.shape != (2,) or spreads.shape != (2,):
        raise damaged(folder)
    return Strangeness(known, centres, spreads)


def chosen(labels: list[int], seed: int) -> list[int]:
    """The places of at most `MOST_KNOWN` images, dealt out to the classes in turn so that none is left without any."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).tolist()
    turns: dict[int, int] = {}
    dealt = []
    for place in order:
        turns[labels[place]] = turns.get(labels[place], -1) + 1
        dealt.append((turns[labels[place]], place))
    return sorted(place for _, place in sorted(dealt)[:MOST_KNOWN])
