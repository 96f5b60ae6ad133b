import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.evaluation.intervals import of_area, of_balanced, of_f1, of_mean, wilson


def test_a_published_example():
    """Newcombe (1998), table I: 81 of 263."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_all_right_is_not_certainty():
    low, high = wilson(10, 10)
    assert high == 1.0
    assert low == pytest.approx(0.7225, abs=1e-4)


def test_nothing_seen_nothing_known():
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(case):
    hits, n = case
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    assert wilson(n - hits, n) == pytest.approx((1 - high, 1 - low))


def test_a_mean_of_equal_numbers_is_certain():
    assert of_mean(np.full(30, 0.25)) == (0.25, 0.25)


def test_the_interval_of_a_mean_is_that_of_the_normal_law_and_repeats():
    values = np.random.default_rng(3).normal(5, 2, 400)
    low, high = of_mean(values)
    assert (low, high) == pytest.approx((values.mean() - 0.196, values.mean() + 0.196), abs=0.04)
    assert of_mean(values) == (low, high)


def test_balanced_accuracy_is_as_unsure_as_its_smallest_class():
    many, few = of_balanced((800, 8), (1000, 10)), of_balanced((800, 800), (1000, 1000))
    assert many[1] - many[0] > 5 * (few[1] - few[0])
    assert many[0] < 0.8 < many[1]


def test_faultless_classes_of_a_few_images_are_not_certain():
    low, high = of_balanced((5, 5, 5, 5), (5, 5, 5, 5))
    assert 0.75 < low < 0.95
    assert high == 1.0
    assert of_balanced((0, 0), (5, 5))[0] == 0.0
    assert of_balanced((90, 1), (100, 1))[0] < 0.85


@pytest.mark.parametrize("classes", [1, 10, 100])
def test_balanced_accuracy_lies_in_its_interval_however_many_small_classes_there_are(classes: int):
    hits, supports = [4, *[5] * (classes - 1)], [5] * classes
    low, high = of_balanced(hits, supports)
    assert low < sum(hits) / sum(supports) < high


def test_balanced_accuracy_s_interval_holds_the_truth_about_as_often_as_it_says():
    generator, supports = np.random.default_rng(1), np.full(10, 5)
    told = [of_balanced(generator.binomial(5, 0.95, 10), supports) for _ in range(200)]
    assert sum(low <= 0.95 <= high for low, high in told) > 180


def test_classes_without_images_do_not_count():
    assert of_balanced((9, 0), (10, 0)) == of_balanced((9,), (10,))


def test_f1_lies_in_its_interval_which_narrows_with_more_images():
    few, many = of_f1(8, 10), of_f1(80, 100)
    for low, high in (few, many):
        assert 0 <= low < 2 * 0.8 / 1.8 < high <= 1
    assert many[1] - many[0] < few[1] - few[0]


def test_a_faultless_f1_is_not_certain():
    assert of_f1(5, 5) == (pytest.approx(2 * wilson(5, 5)[0] / (1 + wilson(5, 5)[0])), 1.0)


def test_an_area_lies_in_its_interval_of_the_published_size():
    low, high = of_area(0.8930, 58, 51)  # Hanley and McNeil's own example has a standard error of 0.0320
    assert low < 0.8930 < high
    assert high - low == pytest.approx(2 * 1.96 * 0.032, rel=0.1)


def test_a_faultless_area_of_few_images_is_not_certain():
    low, high = of_area(1.0, 3, 3)
    assert low < 0.5
    assert high == 1.0
