"""What the resting blocks say, computed once and read in every epoch in which they rest."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from finetuner.engine.backbones.boundary import Boundary, boundary_at
from finetuner.engine.dataset.loader import Batch, Loader, TrainLoader
from finetuner.engine.job import AugmentationPart
from finetuner.engine.strategies.plan import Phase, Plan
from finetuner.engine.training.learner import Learner

BUDGET = 2**30
"""Bytes that everything kept may take; what would not fit is computed in every epoch."""
_CHUNK = 32  # always the same images together, so that a resumed run adds up the same numbers


class Resting:
    """Keeps what crosses the line between resting and learning blocks, for some views of each image.

    Lines of later phases are noted in the same pass, as long as everything below them rests until then.
    """

    def __init__(self, learner: Learner, plan: Plan, train: TrainLoader, val: Loader, views: int) -> None:
        self.learner, self.plan, self.train, self.val, self.views = learner, plan, train, val, views
        self._lines: dict[int, Boundary | None] = {}
        self._kept: dict[tuple[int, int | None], Tensor] = {}

    def enter(self, phase: Phase) -> Boundary | None:
        """Where this phase starts; None where the whole network has to run. What it will change is forgotten."""
        for first, view in list(self._kept):
            if first > first_open(phase):
                del self._kept[first, view]
        return self._line(phase)

    def _line(self, phase: Phase) -> Boundary | None:
        first = first_open(phase)
        if not (first and self.views) or phase.solve or self.learner.targets.mixes or self.learner.averages:
            return None
        if first not in self._lines:
            self._lines[first] = boundary_at(self.learner.network, first)
        line = self._lines[first]
        return line if line and self._size([line]) <= BUDGET else None

    def fill(self, phase: Phase, epoch: int) -> Iterator[tuple[int, int]]:
        """Run the resting blocks over what this epoch needs and nobody kept. Yields (images done, images)."""
        for view in (self.view(epoch), None):
            if (first_open(phase), view) not in self._kept:
                yield from self._run(self._worth_noting(phase), view)

    def batches(self, phase: Phase, epoch: int, start: int, balanced: bool) -> Iterator[Batch]:
        """What crossed the line for each batch of the epoch from number `start` on, with the class indices."""
        kept = self._kept[first_open(phase), self.view(epoch)]
        for part in self.train.positions(epoch, balanced)[start:]:
            yield kept[part], self.train.labels[part]

    def judged(self, phase: Phase) -> Iterator[Tensor]:
        """What crossed the line for the validation images."""
        return iter(self._kept[first_open(phase), None].split(_CHUNK))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept (yet)."""
        return not self._kept

    @property
    def saving(self) -> str:
        """How much is saved, in a sentence."""
        ends = [*(phase.start for phase in self.plan.phases[1:]), self.plan.epochs]
        lengths = zip(self.plan.phases, ends, strict=True)
        epochs = sum(end - phase.start for phase, end in lengths if first_open(phase) and not phase.solve)
        runs = min(self.views, epochs)
        return f"Frozen blocks run {runs} times over the images instead of {epochs}: what they say is kept."

    def view(self, epoch: int) -> int:
        """Which view of each image this epoch looks at."""
        return epoch % self.views

    def _worth_noting(self, phase: Phase) -> list[Boundary]:
        """This phase's line, and those of later phases below which nothing will have learned by then; if they fit."""
        ahead = [later for later in self.plan.phases if later.start >= phase.start and not later.solve]
        chosen: list[Boundary] = []
        for number, later in enumerate(ahead):
            lowest = min(map(first_open, ahead[: number + 1]))
            line = self._line(later) if first_open(later) == lowest else None
            if line and line not in chosen and self._size([*chosen, line]) <= BUDGET:
                chosen.append(line)
        return chosen

    def _size(self, lines: Sequence[Boundary]) -> int:
        """Bytes, for all views of the training images and one of the validation images."""
        images = self.views * len(self.train.indices) + len(self.val.indices)
        width = 4 if self.learner.precision == "fp32" else 2
        return sum(line.numbers for line in lines) * images * width

    def _run(self, lines: list[Boundary], view: int | None) -> Iterator[tuple[int, int]]:
        loader = self.val if view is None else self.train
        parts: list[list[Tensor]] = []
        for start in range(0, total := len(loader.indices), _CHUNK):
            positions = range(start, min(start + _CHUNK, total))
            images = self.val.centres(positions) if view is None else self.train.view(view, positions)
            parts.append(self.learner.crossings(lines, images))
            yield positions.stop, total
        for line, said in zip(lines, zip(*parts, strict=True), strict=True):
            self._kept[line.first, view] = torch.cat(said)


def views_of(part: AugmentationPart) -> int:
    """How many views are kept. Without augmentation all are the same one."""
    return min(part.kept_views, 1) if part.augmentation == "none" else part.kept_views


def first_open(phase: Phase) -> int:
    """The number of the first block that learns."""
    return next(number for number, rate in enumerate(phase.rates) if rate is not None)
