"""The plan in optimiser steps: how many there are, and each block's learning rate at each of them."""

from itertools import accumulate

from finetuner.engine.job import OptimisationPart
from finetuner.engine.strategies.plan import Phase, Plan, Rates
from finetuner.engine.training.schedule import factor, warmup_steps


class Timetable:
    """Counts steps; a solved epoch takes none."""

    def __init__(self, plan: Plan, batches: int, part: OptimisationPart) -> None:
        self._schedule = part.schedule
        epochs = (0 if plan.phase_at(epoch).solve else batches for epoch in range(plan.epochs))
        self._before = list(accumulate(epochs, initial=0))
        self.steps = self._before[-1]
        self._warmup = warmup_steps(part.warmup_epochs, batches, self.steps)

    def before(self, epoch: int) -> int:
        """Steps of all epochs before `epoch` (from 0)."""
        return self._before[epoch]

    def rates(self, phase: Phase, epoch: int, batch: int, spent: float = 0.0) -> Rates:
        """Each block's learning rate at this batch; None for a frozen one.

        Where a time limit is nearer than the last epoch, the schedule follows the share of it that is `spent`: a rate
        that never came down would leave the model worse than its time allows (Li et al., Budgeted Training, 2020).
        """
        step = max(self.before(epoch) + batch, int(spent * self.steps))
        share = factor(self._schedule, step, self.steps, self._warmup)
        return tuple(None if rate is None else rate * share for rate in phase.rates)
