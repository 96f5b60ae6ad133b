"""What must hold for every strategy, whatever the network's depth and the number of epochs."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies import STRATEGIES, draw, resolve
from finetuner.engine.strategies.plan import Phase, Plan

every_strategy = st.sampled_from(sorted(STRATEGIES))
networks = st.integers(2, 40).map(lambda count: ("stem", *(f"block{n}" for n in range(count - 2)), "head"))
epoch_counts = st.integers(1, 60)
rates = st.floats(1e-6, 1)


def drawn(name: str, blocks: tuple[str, ...], **options: object) -> Plan:
    return draw(blocks, StrategyPart(strategy=name, **options), pretrained=True)  # type: ignore[arg-type]


@given(every_strategy, networks, epoch_counts)
def test_every_phase_has_an_epoch_and_every_epoch_a_phase(name: str, blocks: tuple[str, ...], epochs: int) -> None:
    plan = drawn(name, blocks, epochs=epochs)
    starts = [phase.start for phase in plan.phases]
    assert starts[0] == 0
    assert all(before < after for before, after in pairwise(starts))
    assert starts[-1] < plan.epochs == (1 if name == "probe" else epochs)
    assert [plan.phase_at(start) for start in starts] == list(plan.phases)


@given(every_strategy, networks, epoch_counts)
def test_the_head_always_learns_and_no_rate_is_odd(name: str, blocks: tuple[str, ...], epochs: int) -> None:
    for phase in drawn(name, blocks, epochs=epochs).phases:
        assert len(phase.rates) == len(blocks)
        assert phase.rates[-1] is not None
        assert all(rate is None or 0 < rate < math.inf for rate in phase.rates)


@given(every_strategy, networks, epoch_counts)
def test_what_is_frozen_lies_before_what_learns(name: str, blocks: tuple[str, ...], epochs: int) -> None:
    for phase in drawn(name, blocks, epochs=epochs).phases:
        frozen = [rate is None for rate in phase.rates]
        assert frozen == sorted(frozen, reverse=True)


@given(every_strategy, networks, epoch_counts)
def test_only_a_frozen_backbone_is_solved_for(name: str, blocks: tuple[str, ...], epochs: int) -> None:
    for phase in drawn(name, blocks, epochs=epochs).phases:
        if phase.solve:
            assert phase.rates[:-1] == (None,) * (len(blocks) - 1)


@given(every_strategy, networks, epoch_counts, rates)
def test_lr_is_the_rate_of_the_head(name: str, blocks: tuple[str, ...], epochs: int, lr: float) -> None:
    assert {phase.rates[-1] for phase in drawn(name, blocks, epochs=epochs, lr=lr).phases} == {lr}


@given(networks, epoch_counts)
def test_gradual_opens_block_after_block_until_all_learn(blocks: tuple[str, ...], epochs: int) -> None:
    frozen = [phase.rates.count(None) for phase in drawn("gradual", blocks, epochs=epochs).phases]
    assert frozen[0] == len(blocks) - 1
    assert all(before > after for before, after in pairwise(frozen))
    assert frozen[-1] == 0 or epochs == 1


@given(networks, rates, st.floats(0.01, 1))
def test_layer_decay_is_the_ratio_of_neighbours(blocks: tuple[str, ...], lr: float, decay: float) -> None:
    *_, phase = drawn("discriminative", blocks, lr=lr, layer_decay=decay).phases
    for slower, faster in pairwise(phase.rates):
        assert slower is not None
        assert faster is not None
        assert slower == pytest.approx(faster * decay)


@given(networks)
def test_discriminative_rates_fall_geometrically_whatever_the_depth(blocks: tuple[str, ...]) -> None:
    assume(len(blocks) > 2)
    solve, phase = drawn("discriminative", blocks).phases
    assert solve.solve
    logs = [math.log(rate or 0) for rate in phase.rates]
    steps = [after - before for before, after in pairwise(logs)]
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert steps[0] > 0


@given(networks, st.integers(0, 60))
def test_freeze_blocks_counts_from_the_stem(blocks: tuple[str, ...], wanted: int) -> None:
    if wanted > len(blocks) - 1:
        with pytest.raises(FinetunerError, match=f"{wanted} cannot be frozen"):
            drawn("freeze", blocks, freeze_blocks=wanted)
    else:
        (phase,) = drawn("freeze", blocks, freeze_blocks=wanted).phases
        assert [rate is None for rate in phase.rates] == [index < wanted for index in range(len(blocks))]


@given(networks, epoch_counts)
def test_lp_ft_solves_first_then_opens_everything(blocks: tuple[str, ...], epochs: int) -> None:
    first, *rest = drawn("lp-ft", blocks, epochs=epochs).phases
    assert first.solve
    assert [phase.start for phase in rest] == ([1] if epochs > 1 else [])
    assert all(None not in phase.rates for phase in rest)


@given(every_strategy, networks, st.sampled_from(["frozen", "train", "frozen-affine"]), st.booleans())
def test_a_wish_for_batch_norm_is_law(name: str, blocks: tuple[str, ...], mode: str, pretrained: bool) -> None:
    options = StrategyPart(strategy=name, batch_norm=mode)  # type: ignore[arg-type]
    assert draw(blocks, options, pretrained).batch_norm == mode


@given(every_strategy, networks)
def test_pretrained_statistics_are_kept_but_by_who_starts_from_scratch(name: str, blocks: tuple[str, ...]) -> None:
    kept = draw(blocks, StrategyPart(strategy=name), pretrained=True).batch_norm == "frozen"  # type: ignore[arg-type]
    assert kept == (name != "scratch")


@given(every_strategy, networks)
def test_random_weights_have_no_statistics_worth_keeping(name: str, blocks: tuple[str, ...]) -> None:
    assert draw(blocks, StrategyPart(strategy=name), pretrained=False).batch_norm == "train"  # type: ignore[arg-type]


def test_auto_probes_what_is_pretrained_and_trains_what_is_not() -> None:
    assert (resolve("auto", True), resolve("auto", False)) == ("probe", "scratch")


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(FinetunerError, match=r"no strategy called prob.*Choose one of: probe, freeze"):
        resolve("prob", True)


@pytest.mark.parametrize(
    "phases",
    [
        (Phase(1, "late", (1.0, 1.0)),),
        (Phase(0, "one", (1.0, 1.0)), Phase(0, "two", (1.0, 1.0))),
        (Phase(0, "one", (1.0, 1.0)), Phase(5, "never", (1.0, 1.0))),
        (Phase(0, "short", (1.0,)),),
    ],
)
def test_a_plan_that_makes_no_sense_cannot_be_drawn(phases: tuple[Phase, ...]) -> None:
    with pytest.raises(AssertionError):
        Plan(("stem", "head"), phases, epochs=5)


def test_a_plan_is_shown_as_a_table() -> None:
    rows = drawn("gradual", ("stem", "body", "head"), epochs=3, lr=0.01).rows()
    assert [(row.start, row.rates[-1]) for row in rows] == [(0, 0.01), (1, 0.01), (2, 0.01)]
    assert [row.rates.count(None) for row in rows] == [2, 1, 0]
