from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.gui.widgets.scales import Scale, roomy, spread


@pytest.mark.parametrize("log", [False, True])
def test_a_pixel_is_the_way_back_from_a_value(log: bool):
    scale = Scale(0.001, 10, 20, 420, log)
    assert scale.value(scale.at(0.37)) == pytest.approx(0.37)
    assert (scale.at(0.001), scale.at(10)) == (20, pytest.approx(420))


def test_what_is_not_positive_lies_at_the_start_of_a_logarithmic_scale():
    assert Scale(0.001, 10, 20, 420, log=True).at(0) == 20


@given(st.lists(st.floats(0, 1), max_size=20))
def test_a_range_is_never_empty_and_keeps_to_its_bounds(values: list[float]):
    low, high = roomy(values, (None, None), log=False)
    assert low < high
    assert all(low <= value <= high for value in values)


def test_an_accuracy_never_shows_more_than_everything():
    assert roomy([0.98, 1.0], (0.0, 1.0), log=False)[1] == 1.0


def test_labels_keep_their_distance_and_their_order():
    placed = spread([10, 11, 12, 300], gap=15, low=0, high=400)
    assert all(b - a >= 15 for a, b in pairwise(placed))
    assert placed[-1] == 300


def test_labels_at_the_lower_edge_make_room_upwards():
    assert spread([398, 399, 400], gap=15, low=0, high=400) == [370, 385, 400]
