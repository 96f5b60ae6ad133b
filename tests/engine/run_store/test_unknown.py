"""The cut above which an image is unknown: on which images it is set, how it is kept, and what is refused."""

import json

import numpy as np
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.unknown import FILE, MOST_SCORES, NUMBERS, Cut, Unknown, forget, keep


def kept(run, scores, share=0.95) -> Unknown:
    return keep(run, "nearest neighbours", scores, b"numbers", share)


def test_the_share_holds_on_images_it_was_not_set_on(tmp_path):
    random, passed = np.random.default_rng(0), []
    for _ in range(300):
        scores = random.normal(size=60)
        cut = kept(tmp_path, scores[:40].tolist(), 0.9).cut
        passed.append(np.mean([not cut.unknown(score) for score in scores[40:]]))
    assert np.mean(passed) == pytest.approx(0.9, abs=0.03)
    assert np.mean(passed) > 0.89, "on average at least what was asked for"


def test_with_too_few_images_all_of_them_pass(tmp_path):
    found = kept(tmp_path, [0.1, 0.2, 0.3])
    assert found.passing == 3
    assert found.cut.threshold > 0.3


def test_what_is_above_the_cut_is_unknown_and_so_is_no_number():
    cut = Cut(method="m", threshold=0.5, known_share=0.9)
    assert [cut.unknown(score) for score in (0.4, 0.5, 0.6, float("nan"))] == [False, False, True, True]


def test_it_comes_back_as_it_was_kept(tmp_path):
    made = kept(tmp_path, [0.3, 0.1, 0.2])
    assert Unknown.load(tmp_path) == made
    assert made.scores == (0.1, 0.2, 0.3)


def test_of_many_scores_a_spread_is_kept(tmp_path):
    made = kept(tmp_path, np.linspace(0, 1, 3 * MOST_SCORES).tolist())
    assert len(made.scores) <= MOST_SCORES
    assert made.cut.threshold == pytest.approx(0.95, abs=1e-3)


def test_another_share_moves_the_cut(tmp_path):
    made = kept(tmp_path, np.linspace(0, 1, 1001).tolist())
    assert made.asking(0.99).cut.threshold > made.cut.threshold
    with pytest.raises(FinetunerError, match="no share of known images"):
        made.asking(1.5)


def test_a_run_without_one_has_none(tmp_path):
    assert Unknown.load(tmp_path) is None


def test_what_was_forgotten_is_gone(tmp_path):
    kept(tmp_path, [0.1])
    forget(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["no json", "other numbers", "no numbers", "no scores"])
def test_damage_is_told_with_a_way_out(tmp_path, damage):
    made = kept(tmp_path, [0.1, 0.2])
    if damage == "no json":
        (tmp_path / FILE).write_text("{")
    elif damage == "other numbers":
        (tmp_path / NUMBERS).write_bytes(b"of another network")
    elif damage == "no numbers":
        (tmp_path / NUMBERS).unlink()
    else:
        (tmp_path / FILE).write_text(json.dumps({**made.model_dump(), "scores": []}))
    with pytest.raises(FinetunerError, match="damaged") as told:
        Unknown.load(tmp_path)
    assert "--anew" in told.value.next_step


def test_metadata_carry_the_cut_to_the_last_digit():
    cut = Cut(method="nearest neighbours", threshold=0.1 + 0.2, known_share=0.975)
    assert Cut.parse(cut.as_metadata()) == cut
    assert Cut.parse({"names": "[]"}) is None
    with pytest.raises(ValueError, match="known_share"):
        Cut.parse({**cut.as_metadata(), "unknown_known_share": "7"})
