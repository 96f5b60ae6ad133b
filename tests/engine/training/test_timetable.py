import pytest

from finetuner.engine.job import OptimisationPart, StrategyPart
from finetuner.engine.strategies import draw
from finetuner.engine.strategies.plan import Plan
from finetuner.engine.training.timetable import Timetable

BLOCKS = ("stem", "body", "head")
CONSTANT = OptimisationPart(schedule="constant", warmup_epochs=0)


def plan(strategy: str, epochs: int = 4) -> Plan:
    return draw(BLOCKS, StrategyPart(strategy=strategy, epochs=epochs, lr=0.1), pretrained=True)  # type: ignore[arg-type]


def test_every_epoch_takes_its_batches() -> None:
    timetable = Timetable(plan("full"), 10, CONSTANT)
    assert timetable.steps == 40
    assert [timetable.before(epoch) for epoch in range(5)] == [0, 10, 20, 30, 40]


def test_a_solved_epoch_takes_no_step() -> None:
    timetable = Timetable(plan("lp-ft"), 10, CONSTANT)
    assert timetable.steps == 30
    assert [timetable.before(epoch) for epoch in range(5)] == [0, 0, 10, 20, 30]
    assert Timetable(plan("probe"), 10, CONSTANT).steps == 0


def test_frozen_blocks_have_no_rate_and_the_others_move_together() -> None:
    drawn = plan("gradual")
    timetable = Timetable(drawn, 10, OptimisationPart(schedule="cosine", warmup_epochs=0))
    phase = drawn.phase_at(1)
    stem, body, head = timetable.rates(phase, 1, 5)
    assert stem is None
    assert body is not None
    assert head is not None
    assert head < phase.rates[2]
    assert body / head == pytest.approx(phase.rates[1] / phase.rates[2])


def test_the_schedule_runs_over_the_whole_run_not_over_an_epoch() -> None:
    drawn = plan("full")
    timetable = Timetable(drawn, 10, OptimisationPart(schedule="cosine", warmup_epochs=0))
    heads = [timetable.rates(drawn.phases[0], epoch, 0)[-1] for epoch in range(4)]
    assert heads == sorted(heads, reverse=True)
    assert len(set(heads)) == 4


def test_where_time_is_nearer_than_the_last_epoch_the_schedule_follows_it() -> None:
    drawn = plan("full")
    timetable = Timetable(drawn, 10, OptimisationPart(schedule="cosine", warmup_epochs=0))
    rates = [timetable.rates(drawn.phases[0], 0, 3, spent)[-1] for spent in (0.0, 0.5, 1.0, 3.0)]
    assert rates[0] == timetable.rates(drawn.phases[0], 0, 3)[-1]
    assert rates[1] == timetable.rates(drawn.phases[0], 2, 0)[-1]
    assert rates[0] > rates[1] > rates[2] == rates[3] > 0
