"""The frozen network run once over all images; what it gave before is not computed again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from finetuner.engine.backbones.network import Network
from finetuner.engine.dataset.loader import Loader
from finetuner.engine.training.feature_store import FeatureStore, store_of
from finetuner.engine.training.halving import in_pieces, rejoined
from finetuner.engine.training.input import InputStage
from finetuner.engine.training.passes import Passes


@dataclass(frozen=True)
class Frozen:
    """A network that only looks, on its device, in the precision of the run."""

    network: Network
    device: torch.device
    precision: str

    @cached_property
    def passes(self) -> Passes:
        """How it looks."""
        return Passes(self.network, self.device, self.precision)

    def features(self, images: Tensor) -> Tensor:
        """uint8 N,3,S,S -> the head's inputs, N,F float32 on the CPU."""
        self.network.model.eval()
        with self.passes.looking():
            return rejoined(in_pieces(self._looked_at, images))

    def store(self, loader: Loader) -> FeatureStore:
        """Where the features of these images are kept."""
        view = "judged" if loader.judged else "with margin"
        return store_of(self.network, view, self.precision, self.device)

    def _looked_at(self, images: Tensor) -> Tensor:
        planes = InputStage(self.network.preprocessing, self.device)(images)
        return self.network.features(planes).float().cpu()


@dataclass
class Gathered:
    """Features so far, a part for each batch, and how many images nobody had to look at again."""

    parts: list[Tensor] = field(default_factory=list)
    images: int = 0
    found: int = 0

    def rows(self) -> Tensor:
        """All of them: N,F."""
        return torch.cat(self.parts)

    @property
    def saving(self) -> str:
        """What was saved, in a sentence; nothing where nothing was."""
        if not self.found:
            return ""
        which = "all" if self.found == self.images else f"{self.found:,} of {self.images:,}"
        return f"What the network says of {which} images is known from earlier: it does not run over them again."


def compute_features(frozen: Frozen, loader: Loader, into: Gathered) -> Iterator[int]:
    """Append the head's inputs batch by batch; yield how many images are done.

    A batch is taken from the store as a whole or computed as a whole, so that a resumed run adds up the same numbers.
    """
    store = frozen.store(loader)
    for (images, _), contents in zip(loader.plain(), loader.contents(), strict=True):
        known = store.find(contents) if all(contents) else None
        into.parts.append(_computed(frozen, store, images, contents) if known is None else torch.from_numpy(known))
        into.images += len(images)
        into.found += 0 if known is None else len(images)
        yield into.images


def _computed(frozen: Frozen, store: FeatureStore, images: Tensor, contents: list[str]) -> Tensor:
    features = frozen.features(images)
    if all(contents):
        store.add(contents, features.numpy())
    return features
