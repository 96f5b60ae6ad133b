import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.evaluation.paired import Pairs

COUNTS = st.integers(0, 60)


def test_newcombes_own_example() -> None:
    assert Pairs(36, 12, 2, 0).interval == pytest.approx((-0.3404, -0.0569), abs=1e-4)


def test_the_example_of_fagerland_lydersen_and_laake() -> None:
    assert Pairs(1, 1, 7, 12).interval == pytest.approx((0.026, 0.507), abs=1e-3)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_interval_holds_the_difference_and_turns_with_it(a: int, b: int, c: int, d: int) -> None:
    pairs, turned = Pairs(a, b, c, d), Pairs(a, c, b, d)
    low, high = pairs.interval
    assert -1 <= low <= pairs.difference <= high <= 1
    assert (-high, -low) == pytest.approx(turned.interval)


def test_more_images_tell_more() -> None:
    few, many = Pairs(8, 1, 2, 1).interval, Pairs(80, 10, 20, 10).interval
    assert many[1] - many[0] < (few[1] - few[0]) / 2


def test_pairing_tells_more_than_two_separate_counts() -> None:
    together, apart = Pairs(70, 1, 9, 20).interval, Pairs(56, 15, 23, 6).interval
    assert together[0] > 0 > apart[0]
