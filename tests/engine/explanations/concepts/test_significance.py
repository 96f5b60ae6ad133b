"""The two tests against scipy's own, and what follows from them."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp, ttest_ind

from finetuner.engine.explanations.concepts.directions import direction, directions, sample_size
from finetuner.engine.explanations.concepts.significance import (
    of_pulls,
    of_shares,
    p_value,
    shares_of,
    speaks,
    written,
)


def test_the_shares_are_compared_as_scipy_does() -> None:
    source = np.random.default_rng(0)
    concept, chance = source.uniform(0.5, 1, 20), source.uniform(0, 1, 20)
    expected = ttest_ind(concept, chance, equal_var=False).pvalue
    assert of_shares(concept, chance) == pytest.approx(expected)


def test_shares_that_never_vary() -> None:
    assert of_shares(np.ones(5), np.ones(5)) == 1.0
    assert of_shares(np.ones(5), np.zeros(5)) == 0.0


def test_the_pull_is_one_more_observation() -> None:
    """As the regression of both on a dummy has it: the t-test of a sample of one, which pooled variances allow."""
    chance = np.random.default_rng(1).normal(0, 1, 20)
    for distance in (0.5, 2.0, 4.0):
        expected = ttest_ind([distance], chance, equal_var=True).pvalue
        assert of_pulls(np.array([distance - 1, distance + 1]), chance) == pytest.approx(expected)
    assert of_pulls(chance, chance) == 1.0
    assert of_pulls(np.zeros(3), np.zeros(3)) == 1.0
    assert of_pulls(np.ones(3), np.zeros(3)) == 0.0


def test_the_larger_p_value_counts_times_the_number_of_tests() -> None:
    source = np.random.default_rng(2)
    derivatives = source.normal(0, 1, (30, 20)).astype(np.float32)
    derivatives[:, :10] += 1.5
    shares, pulls = shares_of(derivatives), derivatives.mean(axis=0, dtype=np.float64)
    either = of_shares(shares[:10], shares[10:]), of_pulls(pulls[:10], pulls[10:])
    assert p_value(derivatives, 10, 1) == pytest.approx(max(either))
    assert p_value(derivatives, 10, 4) == pytest.approx(min(4 * max(either), 1))
    assert p_value(derivatives, 10, 10**9) == 1.0


def test_a_share_and_a_pull_that_contradict_each_other_are_no_sign() -> None:
    derivatives = np.random.default_rng(3).normal(0, 1, (20, 20)).astype(np.float32)
    derivatives[:, :10] = 1
    derivatives[0, :10] = -1000
    assert p_value(derivatives, 10, 1) == 1.0


@pytest.mark.parametrize(
    ("score", "by_chance", "p", "expected"),
    [
        (0.9, 0.5, 0.01, "for"),
        (0.1, 0.5, 0.01, "against"),
        (0.9, 0.5, 0.05, "unclear"),
        (0.6, 0.8, 0.01, "unclear"),
        (0.4, 0.2, 0.01, "unclear"),
    ],
)
def test_it_speaks_only_where_it_is_no_chance(score: float, by_chance: float, p: float, expected: str) -> None:
    assert speaks(score, by_chance, p) == expected


@pytest.mark.parametrize(("p", "text"), [(0.00004, "p < 0.001"), (0.0031, "p = 0.003"), (0.421, "p = 0.42")])
def test_p_as_it_is_written(p: float, text: str) -> None:
    assert written(p) == text


def test_chance_finds_nothing_in_a_concept_of_random_images() -> None:
    """The draws share its images, so their spread alone would call some of them significant."""
    source = np.random.default_rng(4)
    slopes = (source.normal(0, 1, 64) + source.normal(0, 1, (40, 64))).astype(np.float32)
    random, lone, both = source.normal(0, 1, (80, 64)).astype(np.float32), 0, 0
    for number in range(20):
        found = _fitted(source.normal(0, 1, (40, 64)).astype(np.float32), random, number)
        derivatives = slopes @ found
        shares = shares_of(derivatives)
        lone += of_shares(shares[:10], shares[10:]) < 0.05
        both += p_value(derivatives, 10, 1) < 0.05
    assert lone >= 5
    assert both <= 2


def _fitted(concept: np.ndarray, random: np.ndarray, seed: int) -> np.ndarray:
    import torch

    steps = directions(torch.from_numpy(concept), torch.from_numpy(random), 10, seed)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value.vectors.numpy()


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_a_direction_leads_from_the_negative_to_the_positive(scale: float) -> None:
    source = np.random.default_rng(5)
    positive, negative = (source.normal(0, 1, (40, 30)).astype(np.float32) for _ in range(2))
    positive[:, 7] += 12
    found, accuracy = direction(positive * scale, negative * scale)
    assert np.linalg.norm(found) == pytest.approx(1)
    assert found.argmax() == 7
    assert found[7] > 0.7
    assert accuracy == 1.0
    same, _ = direction(positive, negative)
    assert found == pytest.approx(same, abs=0.01)


@pytest.mark.parametrize(("concept", "random", "size"), [(30, 60, 30), (30, 40, 20), (10, 300, 10)])
def test_random_images_must_do_for_both_sides(concept: int, random: int, size: int) -> None:
    assert sample_size(concept, random) == size


def test_a_mean_of_zero_is_what_random_directions_have() -> None:
    source = np.random.default_rng(6)
    noise = source.normal(0, 1, (60, 64)).astype(np.float32)
    found = _fitted(source.normal(0, 1, (30, 64)).astype(np.float32), noise, 0)
    assert ttest_1samp((source.normal(0, 1, (40, 64)) @ found)[:, 10:].mean(axis=0), 0).pvalue > 0.01
