"""A strategy is a table: phases by blocks, with a learning rate in each cell."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from finetuner.engine.events import PhaseRow
from finetuner.engine.job import StrategyPart

Rates = tuple[float | None, ...]


@dataclass(frozen=True)
class Phase:
    """From epoch `start` on, one learning rate per block, stem first; None means frozen.

    With `solve`, the phase is one epoch in which only the head learns: it is solved to convergence on the
    features of the frozen rest instead of being stepped, and its rate is not used.
    """

    start: int
    title: str
    rates: Rates
    solve: bool = False

    @property
    def is_open(self) -> bool:
        """Whether every block learns."""
        return None not in self.rates


@dataclass(frozen=True)
class Plan:
    """What learns when. `batch_norm`: train, frozen (statistics), or frozen-affine (parameters too)."""

    blocks: tuple[str, ...]
    phases: tuple[Phase, ...]
    epochs: int
    batch_norm: str = "frozen"

    def __post_init__(self) -> None:
        assert [phase.start for phase in self.phases[:1]] == [0], "a plan begins at epoch 0"
        assert all(a.start < b.start for a, b in pairwise(self.phases)), "phases are in order"
        assert self.phases[-1].start < self.epochs, "every phase has an epoch"
        assert all(len(phase.rates) == len(self.blocks) for phase in self.phases), "one rate per block"

    def phase_index(self, epoch: int) -> int:
        """Which phase epoch `epoch` (from 0) belongs to."""
        return max(index for index, phase in enumerate(self.phases) if phase.start <= epoch)

    def phase_at(self, epoch: int) -> Phase:
        """The phase that epoch `epoch` (from 0) belongs to."""
        return self.phases[self.phase_index(epoch)]

    @property
    def learns(self) -> bool:
        """Whether any epoch takes training steps."""
        return any(not phase.solve for phase in self.phases)

    @property
    def open_epochs(self) -> int:
        """In how many epochs every block learns, step by step."""
        phases = map(self.phase_at, range(self.epochs))
        return sum(not phase.solve and phase.is_open for phase in phases)

    def with_batch_norm(self, mode: str) -> "Plan":
        """The same table under another treatment of batch normalisation."""
        return replace(self, batch_norm=mode)

    def rows(self) -> tuple[PhaseRow, ...]:
        """The table as events and the window show it."""
        return tuple(
            PhaseRow(start=phase.start, title=phase.title, rates=phase.rates, solve=phase.solve)
            for phase in self.phases
        )


@dataclass(frozen=True)
class Strategy:
    """A line of the menu: how it is called, what it does in a sentence, and the function that draws its plan."""

    title: str
    sentence: str
    plan: Callable[[tuple[str, ...], StrategyPart], Plan]
    options: tuple[str, ...] = ("epochs", "lr", "batch_norm")


def head_only(blocks: tuple[str, ...], rate: float) -> Rates:
    """Everything frozen but the head."""
    return (*(None for _ in blocks[:-1]), rate)


def from_block(blocks: tuple[str, ...], first: int, rate: float, head_rate: float) -> Rates:
    """Blocks from index `first` on learn at `rate`, the head at `head_rate`, the rest is frozen."""
    body = (rate if index >= first else None for index in range(len(blocks) - 1))
    return (*body, head_rate)
