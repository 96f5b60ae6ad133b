"""The plan in optimiser steps: how many there are, and each block's learning rate at each of them."""

from finetuner.engine.job import OptimisationPart
from finetuner.engine.strategies.plan import Phase, Plan, Rates
from finetuner.engine.training.schedule import factor, warmup_steps


class Timetable:
    """Counts steps; a solved epoch takes none."""

    def __init__(self, plan: Plan, batches: int, part: OptimisationPart) -> None:
        self.plan, self.batches, self._schedule = plan, batches, part.schedule
        self.steps = self.before(plan.epochs)
        self._warmup = warmup_steps(part.warmup_epochs, batches, self.steps)

    def before(self, epoch: int) -> int:
        """Steps of all epochs before `epoch` (from 0)."""
        return self.batches * sum(not self.plan.phase_at(earlier).solve for earlier in range(epoch))

    def rates(self, phase: Phase, epoch: int, batch: int) -> Rates:
        """Each block's learning rate at this batch; None for a frozen one."""
        share = factor(self._schedule, self.before(epoch) + batch, self.steps, self._warmup)
        return tuple(None if rate is None else rate * share for rate in phase.rates)
