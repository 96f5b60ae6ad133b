import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.evaluation.charts import HEIGHT, LEFT, WIDTH, chart, epoch_ticks, nice_ticks


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_ticks_enclose_the_values_and_rise(values):
    ticks = nice_ticks(values)
    assert len(ticks) >= 2
    assert ticks == sorted(set(ticks))
    slack = 1e-6 * max(1.0, abs(max(values)), abs(min(values)))
    assert ticks[0] <= min(values) + slack
    assert ticks[-1] >= max(values) - slack


def test_ticks_are_round():
    assert nice_ticks([0.13, 0.86]) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]


@pytest.mark.parametrize(
    ("count", "ticks"), [(1, [1]), (2, [1, 2]), (5, [1, 2, 3, 4, 5]), (30, [1, 5, 10, 15, 20, 25, 30])]
)
def test_epochs_on_the_axis_are_whole(count, ticks):
    assert epoch_ticks(count) == ticks


def test_higher_values_are_drawn_higher_and_inside():
    drawn = chart("Loss", [("training", "train", [1.0, 0.5, 0.2])])
    points = [tuple(map(float, point.split(","))) for point in drawn.lines[0].points.split()]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted(y for _, y in points)
    assert all(LEFT <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)


def test_an_epoch_that_is_not_finite_is_left_out():
    drawn = chart("Loss", [("training", "train", [1.0, math.nan, 0.5])])
    assert len(drawn.lines[0].points.split()) == 2


def test_names_at_the_same_height_do_not_overlap():
    drawn = chart("Loss", [("training", "train", [1.0, 0.5]), ("validation", "val", [1.0, 0.5])])
    first, second = drawn.lines
    assert second.end_y - first.end_y >= 14
