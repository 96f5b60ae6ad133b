import json

import numpy as np
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.scores import scores
from finetuner.engine.evaluation.tables import (
    ranked,
    read_metrics,
    read_predictions,
    write_metrics,
    write_predictions,
)

HOSTILE = ('=cmd|"x"', "a,b\nc")


def test_metrics_come_back(tmp_path):
    judged = scores([0, 1], np.eye(2), ("a", "b"), temperature=1.5)
    write_metrics(tmp_path, judged, run="x", epochs=3)
    assert read_metrics(tmp_path) == judged
    assert json.loads((tmp_path / "metrics.json").read_text())["epochs"] == 3


def test_predictions_come_back_whatever_the_names(tmp_path):
    logits = np.array([[2.0, 0.0], [0.0, 1.0]])
    write_predictions(tmp_path, ["caf\udce9.jpg", "b.jpg"], [0, 0], logits, HOSTILE)
    first, second = read_predictions(tmp_path)
    assert (first.source, first.truth, first.label) == ("caf\udce9.jpg", HOSTILE[0], HOSTILE[0])
    assert (second.label, second.probability) == (HOSTILE[1], pytest.approx(0.731059))
    assert [name for name, _ in second.top] == [HOSTILE[1], HOSTILE[0]]


def test_probabilities_are_the_calibrated_ones(tmp_path):
    write_predictions(tmp_path, ["a"], [0], np.array([[2.0, 0.0]]), ("a", "b"), temperature=2.0)
    assert read_predictions(tmp_path)[0].probability == pytest.approx(0.731059)


@pytest.mark.parametrize(
    "content", ["", "path,truth,label,probability,a\nx,y\n", "path,truth,label,probability,a\nx,a,a,?,?\n"]
)
def test_a_damaged_table_is_a_sentence(tmp_path, content):
    (tmp_path / "predictions.csv").write_text(content)
    with pytest.raises(FinetunerError, match="cannot be read"):
        read_predictions(tmp_path)


def test_damaged_metrics_are_a_sentence(tmp_path):
    (tmp_path / "metrics.json").write_text("[]")
    with pytest.raises(FinetunerError, match="cannot be read"):
        read_metrics(tmp_path)


def test_ranking_keeps_ties_in_class_order():
    assert ranked(np.array([0.25, 0.5, 0.25]), ("a", "b", "c"), top=2) == (("b", 0.5), ("a", 0.25))


def test_a_field_wider_than_csv_allows_is_a_sentence(tmp_path):
    (tmp_path / "predictions.csv").write_text("path,truth,label,probability,a\n" + "x" * 200_000)
    with pytest.raises(FinetunerError, match="cannot be read"):
        read_predictions(tmp_path)
