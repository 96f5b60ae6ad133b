import pytest

from finetuner.engine.prediction.freshness import OLDEST, PATIENCE, Freshness
from finetuner.engine.prediction.stream import LiveAnswer
from tests.engine.prediction.test_stream import Clock

MILLISECONDS = 10.0
BOUND = OLDEST * MILLISECONDS / 1000


@pytest.fixture
def clock() -> Clock:
    return Clock()


def answer(arrived: float) -> LiveAnswer:
    return LiveAnswer((("bees", 1.0),), 30.0, MILLISECONDS, 0, arrived)


def test_an_answer_within_two_inference_times_is_shown(clock: Clock) -> None:
    freshness = Freshness(clock)
    for age in (0.0, BOUND * 0.9):
        assert freshness.allows(answer(clock() - age))
    assert freshness.late == 0


def test_an_older_one_gives_way_to_the_next(clock: Clock) -> None:
    freshness = Freshness(clock)
    freshness.allows(answer(clock()))
    assert not freshness.allows(answer(clock() - BOUND * 1.1))
    assert freshness.late == 1


def test_when_none_was_shown_for_a_while_a_late_one_is_better_than_the_last(clock: Clock) -> None:
    freshness = Freshness(clock)
    freshness.allows(answer(clock()))
    clock.now += PATIENCE * 0.9
    assert not freshness.allows(answer(clock() - 1.0))
    clock.now += PATIENCE * 0.2
    assert freshness.allows(answer(clock() - 1.0))
    assert not freshness.allows(answer(clock() - 1.0))


def test_the_first_is_shown_however_late(clock: Clock) -> None:
    assert Freshness(clock).allows(answer(clock() - 60.0))
