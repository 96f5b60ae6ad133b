import numpy as np
import pytest

from finetuner.engine.prediction.steadiness import Hysteresis
from finetuner.engine.prediction.stream import standing_first


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def choices(hysteresis: Hysteresis, clock: Clock, *firsts: float, every: float = 0.1) -> list[int]:
    """What stands after each of these probabilities of class 0, of two."""
    made = []
    for first in firsts:
        made.append(hysteresis.choose(np.array([first, 1 - first])))
        clock.now += every
    return made


def test_a_small_lead_does_not_take_over_at_once(clock: Clock) -> None:
    assert choices(Hysteresis(0.2, 1.0, clock), clock, 0.6, 0.45, 0.55, 0.45) == [0, 0, 0, 0]


def test_a_clear_lead_takes_over_at_once(clock: Clock) -> None:
    assert choices(Hysteresis(0.2, 1.0, clock), clock, 0.6, 0.39) == [0, 1]


def test_a_small_lead_takes_over_when_it_lasts(clock: Clock) -> None:
    assert choices(Hysteresis(0.2, 0.3, clock), clock, 0.6, 0.45, 0.45, 0.45) == [0, 0, 0, 1]


def test_a_lead_that_breaks_off_begins_anew(clock: Clock) -> None:
    assert choices(Hysteresis(0.2, 0.3, clock), clock, 0.6, 0.45, 0.45, 0.55, 0.45, 0.45) == [0] * 6


def test_two_challengers_who_take_turns_do_not_keep_the_old_one_standing(clock: Clock) -> None:
    hysteresis = Hysteresis(0.5, 0.25, clock)
    seen = []
    for shares in ([0.5, 0.3, 0.2], [0.3, 0.4, 0.3], [0.3, 0.3, 0.4], [0.3, 0.4, 0.3]):
        seen.append(hysteresis.choose(np.array(shares)))
        clock.now += 0.1
    assert seen == [0, 0, 0, 1]


def test_without_lead_and_hold_the_likeliest_stands(clock: Clock) -> None:
    assert choices(Hysteresis(0, 0, clock), clock, 0.6, 0.49, 0.51, every=0.0) == [0, 1, 0]


def test_the_standing_class_is_listed_even_where_it_is_not_among_the_likeliest() -> None:
    shares = np.array([0.1, 0.4, 0.3, 0.2])
    assert [name for name, _ in standing_first(shares, 0, ("a", "b", "c", "d"), 2)] == ["a", "b"]
    assert [name for name, _ in standing_first(shares, 1, ("a", "b", "c", "d"), 3)] == ["b", "c", "d"]
