import pytest

from finetuner.gui.widgets.ticks import (
    decades,
    linear_ticks,
    log_ticks,
    write_number,
    write_percent,
    write_percent_tick,
    write_rate,
)


def test_ticks_are_round_and_within():
    assert linear_ticks(0.03, 1.02, 4) == pytest.approx([0.5, 1.0])
    assert linear_ticks(0, 12, 6) == [0, 2, 4, 6, 8, 10, 12]


def test_no_range_has_one_tick():
    assert linear_ticks(3, 3) == [3]


def test_a_wide_logarithmic_axis_skips_powers():
    assert log_ticks(2e-6, 5e-3) == pytest.approx([1e-5, 1e-4, 1e-3])
    assert len(log_ticks(1e-12, 1.0)) <= 5


def test_decades_are_told_in_ones_twos_and_fives():
    assert decades(1.5, 120) == pytest.approx([2, 5, 10, 20, 50, 100])
    assert decades(0.03, 0.06) == pytest.approx([0.05])


def test_a_narrow_logarithmic_axis_has_its_ends():
    assert log_ticks(2e-4, 5e-4) == [2e-4, 5e-4]


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (0.2312, "0.231"), (12, "12"), (0.0001, "1e-4"), (153, "153")])
def test_numbers_are_short(value: float, text: str):
    assert write_number(value) == text


def test_learning_rates_are_powers_of_ten():
    assert [write_rate(rate) for rate in (0.01, 3.2e-4)] == ["1e-2", "3.2e-4"]


def test_a_percentage_keeps_its_decimal_and_a_tick_drops_it():
    assert write_percent(0.9) == "90.0\u202f%"
    assert write_percent_tick(0.9) == "90\u202f%"
