"""Which penalty serves best on images that a head has not seen: those that fall clearly behind do not run to the end.

The images are held out in folds, one a lap. After each lap whoever lost clearly more than the best on the same images
is out (Maron & Moore, 1994, race models like that): of many images one lap may be enough, of few all are run.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from finetuner.engine.training.head_room import Room

PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0)
FOLDS = 4
_TELLING = 200  # held-out images, before which none is out; of 37 a few wrong ones decided
_CLEARLY = 3.0  # standard errors


@dataclass
class Runner:
    """A penalty in a room: the heads of its laps, and what they lost on each image held out so far."""

    room: Room
    penalty: float
    places: list[Tensor] = field(default_factory=list)
    laps: list[Tensor] = field(default_factory=list)

    @property
    def losses(self) -> Tensor:
        """Of all laps."""
        return torch.cat(self.laps)

    @property
    def loss(self) -> float:
        """The mean."""
        return float(self.losses.mean())

    @property
    def near(self) -> Tensor | None:
        """A place near that of the head for all images, where a lap was run."""
        return torch.stack(self.places).mean(0) if self.places else None

    def is_behind(self, other: "Runner") -> bool:
        """Clearly, on the same images."""
        more = self.losses - other.losses
        return len(more) >= _TELLING and float(more.mean()) > _CLEARLY * float(more.std()) / len(more) ** 0.5


def best_of(rooms: Iterable[Room], labels: Tensor, importance: Tensor) -> Runner:
    """The room and the penalty with the least loss on images held out. `labels`: of the images in each room."""
    fold = torch.arange(len(labels)) % FOLDS
    running = [[Runner(room, penalty) for penalty in PENALTIES] for room in rooms]
    for held in range(FOLDS):
        ran = [_lap(runners, labels, importance, fold == held) for runners in running]
        best = _first(runner for runners in ran for runner in runners)
        running = [[runner for runner in runners if not runner.is_behind(best)] for runners in ran]
        if sum(map(len, running)) == 1:
            break
    return best


def _lap(runners: list[Runner], labels: Tensor, importance: Tensor, held: Tensor) -> list[Runner]:
    """Those that ran: from the strongest penalty on, until one falls behind.

    As a penalty grows weaker the loss on unseen images first falls, then rises: past its bottom nothing is to be found.
    Each begins where it ended the lap before; in the first one, where the penalty before it did. It runs to the one
    optimum from wherever it begins, so that nothing stays of what it had seen.
    """
    ran: list[Runner] = []
    for runner in runners:
        before = runner.places or (ran[-1].places if ran else [])
        place = runner.room.solve(labels, importance, runner.penalty, ~held, before[-1] if before else None)
        runner.places.append(place)
        runner.laps.append(runner.room.losses(place, labels, importance, held))
        ran.append(runner)
        if runner.is_behind(_first(ran)):
            break
    return ran


def _first(runners: Iterable[Runner]) -> Runner:
    return min(runners, key=lambda runner: runner.loss)
