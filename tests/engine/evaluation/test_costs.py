from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.evaluation.costs import cost_table, mean_cost, proposal, proposed
from finetuner.engine.evaluation.thresholds import Judged
from finetuner.engine.run_store.thresholds import Costs
from tests.engine.evaluation.test_thresholds import judged


def expected(found: Judged, limits: np.ndarray, table: np.ndarray, unsure: float) -> float:
    """By the definition: the mean over images of the expected cost of what is said."""
    total = 0.0
    for shares in found.shares:
        best = shares.argmax()
        total += float(shares @ table[:, best]) if shares[best] >= limits[best] else unsure
    return total / len(found.shares)


@given(st.integers(0, 2**31), st.floats(0, 3))
def test_no_other_thresholds_are_expected_to_cost_less(seed: int, unsure: float) -> None:
    found = judged(seed, images=12, classes=2)
    table = np.random.default_rng(seed).uniform(0, 10, (2, 2)) * (1 - np.eye(2))
    best = expected(found, proposed(found, table, unsure), table, unsure)
    candidates = [0.0, *found.sure.tolist(), 1.0]
    assert best <= min(expected(found, np.array(pair), table, unsure) for pair in product(candidates, repeat=2)) + 1e-9


@pytest.mark.parametrize(("unsure", "wrong"), [(1, 5), (1, 2.5), (3, 10)])
def test_with_one_cost_of_all_mistakes_it_is_chows_rule(unsure: float, wrong: float) -> None:
    limits = proposal(judged(3, images=20_000), Costs(unsure=unsure, wrong=wrong))
    assert list(limits.values()) == pytest.approx([1 - unsure / wrong] * 4, abs=0.01)


def test_a_dearer_mistake_asks_for_more_confidence() -> None:
    found = judged(4, images=3000, classes=2)
    limits = proposal(found, Costs(unsure=1, wrong=5, pairs={"class 0": {"class 1": 50}}))
    assert limits["class 1"] > limits["class 0"] + 0.1


def test_where_being_unsure_costs_nothing_only_the_certain_is_answered() -> None:
    found = Judged(("a", "b"), np.array([0, 0, 1]), np.array([[0.9, 0.1], [1.0, 0.0], [0.2, 0.8]]))
    table = cost_table(found.classes, Costs())
    assert found.answered(proposed(found, table, 0.0)).tolist() == [False, True, False]


def test_where_mistakes_are_cheap_all_is_answered_and_an_unknown_class_too() -> None:
    found = Judged(("a", "b"), np.array([0, 1]), np.array([[0.9, 0.1], [0.6, 0.4]]))
    assert proposal(found, Costs(unsure=5, wrong=1)) == {"a": 0.0, "b": 0.0}


def test_equal_probabilities_are_not_divided() -> None:
    found = Judged(("a", "b"), np.array([0, 1, 0]), np.array([[0.7, 0.3], [0.7, 0.3], [0.9, 0.1]]))
    answered = found.answered(proposed(found, cost_table(found.classes, Costs(unsure=1, wrong=5)), 1.0))
    assert answered.tolist() == [False, False, True]


def test_the_cost_that_came_is_told_by_the_truth() -> None:
    found = Judged(("a", "b"), np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]]))
    table = cost_table(found.classes, Costs(unsure=1, wrong=5, pairs={"b": {"a": 20}}))
    assert mean_cost(found, np.zeros(2), table, 1.0) == pytest.approx(20 / 3)
    assert mean_cost(found, np.array([0.85, 0.7]), table, 1.0) == pytest.approx(2 / 3)
