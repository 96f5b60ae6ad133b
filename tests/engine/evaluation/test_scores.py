import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.evaluation.scores import scores

CLASSES = ("ant", "bee", "cow")


def certain(predicted: list[int]) -> np.ndarray:
    return np.eye(3)[predicted] * 10


def test_a_small_case_by_hand():
    judged = scores([0, 0, 0, 1], certain([0, 0, 1, 1]), CLASSES)
    assert judged.n == 4
    assert judged.accuracy == 0.75
    assert judged.confusion == ((2, 1, 0), (0, 1, 0), (0, 0, 0))
    ant, bee, cow = judged.per_class
    assert (ant.precision, ant.recall, ant.support) == (1.0, pytest.approx(2 / 3), 3)
    assert (bee.precision, bee.recall, bee.f1) == (0.5, 1.0, pytest.approx(2 / 3))
    assert (cow.precision, cow.recall, cow.f1, cow.support) == (0.0, 0.0, 0.0, 0)


def test_the_loss_is_that_of_the_calibrated_probabilities():
    logits = np.array([[2.0, 0.0, 0.0]])
    shares = np.exp([1.0, 0.0, 0.0]) / np.exp([1.0, 0.0, 0.0]).sum()
    assert scores([0], logits, CLASSES, temperature=2.0).loss == pytest.approx(-np.log(shares[0]))


def test_huge_logits_stay_finite():
    assert scores([1], np.array([[1e6, -1e6, 0.0]]), CLASSES).loss == pytest.approx(2e6)


def test_nothing_to_score_is_a_sentence():
    with pytest.raises(FinetunerError, match="no labelled image"):
        scores([], np.empty((0, 3)), CLASSES)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=50))
def test_the_matrix_counts_every_image_once(pairs):
    truth, predicted = [list(side) for side in zip(*pairs, strict=True)]
    judged = scores(truth, certain(predicted), CLASSES)
    matrix = np.array(judged.confusion)
    assert matrix.sum() == judged.n == len(pairs)
    assert matrix.trace() / judged.n == pytest.approx(judged.accuracy)
    assert [score.support for score in judged.per_class] == matrix.sum(axis=1).tolist()


def test_balanced_accuracy_weighs_classes_alike_and_leaves_out_empty_ones():
    judged = scores([0, 0, 0, 1], certain([0, 0, 1, 1]), CLASSES)
    assert judged.balanced_accuracy == pytest.approx((2 / 3 + 1) / 2)
    low, high = judged.balanced_interval
    assert low < judged.balanced_accuracy < high


def test_precision_and_recall_come_with_wilson_intervals():
    ant = scores([0, 0, 0, 1], certain([0, 0, 1, 1]), CLASSES).per_class[0]
    assert ant.precision_interval == wilson(2, 2)
    assert ant.recall_interval == wilson(2, 3)


def test_with_five_classes_or_fewer_there_is_no_top_five():
    assert scores([0], certain([0]), CLASSES).top5 is None


def test_top_five_counts_the_truth_among_five():
    logits = np.tile(np.arange(7.0), (7, 1))
    judged = scores(list(range(7)), logits, list("abcdefg"))
    assert judged.top5 == pytest.approx(5 / 7)
    assert judged.top5_interval == wilson(5, 7)


def test_the_loss_has_an_interval_around_it():
    generator = np.random.default_rng(0)
    judged = scores(generator.integers(0, 3, 90).tolist(), generator.normal(0, 1, (90, 3)), CLASSES)
    low, high = judged.loss_interval
    assert low < judged.loss < high


def test_curves_rank_by_the_class_s_own_probability():
    logits = np.array([[2.0, 0, 0], [1.0, 0, 0], [0, 3.0, 0], [0, 1.0, 0]])
    ant, bee, cow = scores([0, 0, 1, 1], logits, CLASSES).per_class
    assert (ant.auc, bee.auc, cow.auc) == (1.0, 1.0, None)
    assert ant.roc[0] == (0.0, 0.0)
