"""The figures at a threshold, held against scikit-learn's on the same answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.evaluation.numeric import softmax
from finetuner.engine.evaluation.tables import PREDICTIONS, read_judged, write_predictions
from finetuner.engine.evaluation.thresholds import Judged, as_limits, operating_point

UNSURE = 99


def judged(seed: int, images: int = 200, classes: int = 4) -> Judged:
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, classes, images)
    logits = generator.normal(0, 1, (images, classes)) + 1.5 * np.eye(classes)[truth]
    return Judged(tuple(f"class {number}" for number in range(classes)), truth, softmax(logits))


@given(st.integers(0, 2**31), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_the_figures_are_those_of_scikit_learn(seed: int, values: list[float]) -> None:
    found, limits = judged(seed), np.array(values)
    point = operating_point(found, limits)
    said = np.where(found.sure >= limits[found.best], found.best, UNSURE)
    figures = precision_recall_fscore_support(found.truth, said, labels=range(4), zero_division=np.nan)
    for row, precision, recall, _, support in zip(point.classes, *figures, strict=True):
        assert row.precision == (None if np.isnan(precision) else pytest.approx(precision))
        assert row.recall == (None if np.isnan(recall) else pytest.approx(recall))
        assert (row.support, row.answered) == (support, (said == point.classes.index(row)).sum())
    given_answers = said != UNSURE
    assert point.share == pytest.approx(given_answers.mean())
    if given_answers.any():
        assert point.accuracy == pytest.approx(accuracy_score(found.truth[given_answers], said[given_answers]))


def test_intervals_are_those_of_the_counts_behind_them() -> None:
    point = operating_point(judged(1), np.full(4, 0.7))
    assert point.share_interval == wilson(point.answered, 200)
    assert point.accuracy_interval == wilson(round(point.accuracy * point.answered), point.answered)
    row = point.classes[2]
    hits = round(row.precision * row.answered)
    assert (row.precision_interval, row.recall_interval) == (wilson(hits, row.answered), wilson(hits, row.support))


def test_without_thresholds_all_is_answered_and_with_the_highest_nothing() -> None:
    everything, nothing = (operating_point(judged(2), np.full(4, limit)) for limit in (0.0, 1.0))
    assert (everything.answered, nothing.answered) == (200, 0)
    assert (nothing.accuracy, nothing.accuracy_interval) == (None, (0.0, 1.0))
    assert {row.precision for row in nothing.classes} == {None}


def test_thresholds_by_name_stand_in_the_order_of_the_classes() -> None:
    assert as_limits(("a", "b", "c"), {"c": 0.9, "a": 0.2}).tolist() == [0.2, 0.0, 0.9]


def test_a_run_s_answers_are_read_with_all_their_classes(tmp_path) -> None:
    logits = [[2.0, 0.0, 0.0], [0.0, 3.0, 1.0]]
    write_predictions(tmp_path, ["a.png", "b.png"], [0, 2], logits, ("x", "y", "z"), 2.0)
    found = read_judged(tmp_path)
    assert (found.classes, found.truth.tolist()) == (("x", "y", "z"), [0, 2])
    np.testing.assert_allclose(found.shares, softmax(logits, 2.0), atol=1e-6)


@pytest.mark.parametrize(
    "text", ["", "path,truth,label,probability\n", "path,truth,label,probability,x\na,x,x,1,nan\n", "a\nb,c\n",
             "path,truth,label,probability,x\na,w,x,1,1\n"],
)  # fmt: skip
def test_damaged_answers_are_a_sentence(tmp_path, text: str) -> None:
    (tmp_path / PREDICTIONS).write_text(text)
    with pytest.raises(FinetunerError, match="cannot be read"):
        read_judged(tmp_path)
