import pytest

from finetuner.engine.prediction.freshness import A_REFRESH, OLDEST, PATIENCE, Freshness
from finetuner.engine.prediction.stream import LiveAnswer
from tests.engine.prediction.test_stream import Clock

MILLISECONDS = 40.0
BOUND = OLDEST * MILLISECONDS / 1000


@pytest.fixture
def clock() -> Clock:
    return Clock()


def answer(arrived: float, milliseconds: float = MILLISECONDS) -> LiveAnswer:
    return LiveAnswer((("bees", 1.0),), 30.0, milliseconds, 0, arrived)


def test_an_answer_within_two_inference_times_is_shown(clock: Clock) -> None:
    freshness = Freshness(clock)
    for age in (0.0, BOUND * 0.99):
        assert freshness.allows(answer(clock() - age))
    assert freshness.late == 0


@pytest.mark.parametrize("waited", [0.0, PATIENCE * 3, 3600.0])
def test_an_older_one_never_passes_for_fresh(clock: Clock, waited: float) -> None:
    freshness = Freshness(clock)
    assert not freshness.allows(answer(clock() - BOUND * 1.01))
    freshness.allows(answer(clock()))
    clock.now += waited
    assert not freshness.allows(answer(clock() - BOUND * 1.01))
    assert freshness.late == 2


def test_a_quick_model_is_not_quicker_than_the_screen(clock: Clock) -> None:
    freshness = Freshness(clock)
    assert freshness.allows(answer(clock() - A_REFRESH * 0.99, 1.0))
    assert not freshness.allows(answer(clock() - A_REFRESH * 1.01, 1.0))


def test_how_late_it_is_is_told_when_none_was_in_time_for_a_while(clock: Clock) -> None:
    freshness = Freshness(clock)
    freshness.allows(answer(clock()))
    clock.now += PATIENCE * 0.9
    late = answer(clock() - 1.0)
    assert not freshness.allows(late)
    assert freshness.behind(late) == 0.0
    clock.now += PATIENCE * 0.2
    assert freshness.behind(late) == pytest.approx(1.0 + PATIENCE * 0.2)
    freshness.allows(answer(clock()))
    assert freshness.behind(late) == 0.0


def test_the_first_is_told_however_late(clock: Clock) -> None:
    freshness = Freshness(clock)
    late = answer(clock() - 60.0)
    assert not freshness.allows(late)
    assert freshness.behind(late) == 60.0
