from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.training.schedule import factor, warmup_steps

STEPS = 100


def curve(schedule: str, warmup: int = 0) -> list[float]:
    return [factor(schedule, step, STEPS, warmup) for step in range(STEPS)]  # type: ignore[arg-type]


@given(st.sampled_from(["cosine", "one-cycle", "constant"]), st.integers(1, 500), st.data(), st.integers(0, 100))
def test_a_factor_lies_between_nothing_and_one(schedule: str, steps: int, data: st.DataObject, warmup: int) -> None:
    step = data.draw(st.integers(0, steps - 1))
    assert 0 < factor(schedule, step, steps, min(warmup, steps)) <= 1  # type: ignore[arg-type]


def test_cosine_falls_from_one_to_a_hundredth() -> None:
    values = curve("cosine")
    assert values[0] == 1
    assert values[STEPS // 2] == pytest.approx(0.505)
    assert values[-1] == pytest.approx(0.01, abs=1e-3)
    assert all(after < before for before, after in pairwise(values))


@pytest.mark.parametrize("schedule", ["cosine", "constant"])
def test_warm_up_rises_linearly_and_never_starts_at_nothing(schedule: str) -> None:
    assert curve(schedule, warmup=4)[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])


def test_constant_stays() -> None:
    assert set(curve("constant")) == {1.0}


def test_one_cycle_peaks_at_three_tenths_and_ends_at_nothing() -> None:
    values = curve("one-cycle", warmup=50)
    assert values.index(max(values)) in (29, 30)
    assert max(values) == pytest.approx(1, abs=1e-3)
    assert values[0] < 0.06
    assert values[-1] == pytest.approx(1e-4)


@pytest.mark.parametrize(
    ("epochs", "batches", "steps", "expected"), [(1, 10, 100, 10), (0.5, 10, 100, 5), (5, 10, 100, 20), (0, 9, 9, 0)]
)
def test_warm_up_takes_at_most_a_fifth(epochs: float, batches: int, steps: int, expected: int) -> None:
    assert warmup_steps(epochs, batches, steps) == expected
