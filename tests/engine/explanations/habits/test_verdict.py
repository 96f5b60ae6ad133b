import numpy as np
import pytest
import torch

from finetuner.engine.events import PredictionRow
from finetuner.engine.explanations.habits.places import CELLS, PLACES, places
from finetuner.engine.explanations.habits.tally import Tally
from finetuner.engine.explanations.habits.verdict import judged, mirrored, suspicion


@pytest.mark.parametrize(
    ("hits", "n", "expected"),
    [
        (0, 6, "too-few"),
        (6, 6, "too-few"),
        (0, 40, "unsuspicious"),
        (4, 50, "unsuspicious"),
        (10, 40, "too-few"),
        (10, 10, "suspicious"),
        (36, 50, "suspicious"),
        (0, 0, "too-few"),
    ],
)
def test_a_share_is_judged_by_its_interval(hits: int, n: int, expected: str) -> None:
    assert suspicion(hits, n, questions=4) == expected


def test_the_more_is_asked_the_surer_it_must_be() -> None:
    assert suspicion(9, 18, questions=1) == "suspicious"
    assert suspicion(9, 18, questions=400) == "too-few"


def test_a_share_at_the_limit_is_rarely_called_suspicious() -> None:
    """Of classes that are decided by a place in a quarter of all cases, fewer than one in twenty is named."""
    drawn = np.random.default_rng(0).binomial(60, 0.25, 2000)
    assert np.mean([suspicion(int(hits), 60, questions=1) == "suspicious" for hits in drawn]) < 0.05


def tally(n: int, by_border: int, wrong: int = 0) -> Tally:
    made, shown = Tally(), torch.full((32, 32, 3), 0.5)
    for number in range(n + wrong):
        answer = "glass" if number < n else "jar"
        row = PredictionRow(source=f"{number}.jpg", label=answer, probability=0.9, truth="glass")
        made.add(row, shown, torch.ones(CELLS, CELLS), places(shown))
        for place in PLACES if number < n else ():
            made.note(row.source, place, place == "border" and number < by_border)
    return made


def test_a_suspicious_class_is_told_in_a_sentence_with_n_and_interval() -> None:
    habit = judged("glass", tally(100, 71, wrong=3), classes=2)
    assert habit.suspicion == "suspicious"
    assert habit.sentence.startswith("glass is decided by the border in 71 % of cases (n = 100, 95 % interval 61 % to")
    assert (habit.n, habit.right) == (103, 100)
    assert [row.source for row in habit.places[0].rows] == [f"{number}.jpg" for number in range(71)]


def test_even_attention_is_as_large_as_the_place() -> None:
    for place in judged("glass", tally(20, 0), classes=2).places:
        assert place.attention == pytest.approx(place.area)
        assert place.attention_interval == pytest.approx((place.area, place.area))


def test_few_images_tell_nothing() -> None:
    assert "too few images to tell" in judged("glass", tally(5, 0), classes=2).sentence


def test_an_unsuspicious_class_is_told_so() -> None:
    assert judged("glass", tally(60, 1), classes=2).sentence.endswith("nothing suspicious.")


def test_a_class_that_is_never_answered_rightly_says_so() -> None:
    habit = judged("glass", tally(0, 0, wrong=4), classes=2)
    assert "none is answered rightly" in habit.sentence
    assert habit.places[0].decided is None


def test_of_two_classes_that_share_a_mark_the_stronger_one_carries_it() -> None:
    pair = (judged("bees", tally(80, 44), classes=2), judged("ants", tally(70, 70), classes=2))
    bees, ants = mirrored(pair)
    assert (bees.suspicion, ants.suspicion) == ("mirrored", "suspicious")
    assert bees.sentence.endswith("likely by the absence of what marks ants.")
    assert ants == pair[1]


def test_two_classes_that_are_alike_suspicious_stay_so() -> None:
    pair = (judged("bees", tally(40, 30), classes=2), judged("ants", tally(40, 33), classes=2))
    assert mirrored(pair) == pair


def test_of_many_classes_none_is_a_mirror() -> None:
    three = tuple(judged(name, tally(60, hits), classes=3) for name, hits in (("a", 60), ("b", 30), ("c", 0)))
    assert mirrored(three) == three


def test_where_no_photo_can_judge_it_says_so() -> None:
    made = tally(20, 0)
    made.asked.clear()
    habit = judged("glass", made, classes=2)
    assert "cannot be told" in habit.sentence
    assert habit.suspicion == "too-few"


def test_maps_of_zeros_say_nothing_of_places() -> None:
    made, shown = Tally(), torch.zeros(32, 32, 3)
    row = PredictionRow(source="a.jpg", label="glass", probability=0.9, truth="glass")
    made.add(row, shown, torch.zeros(CELLS, CELLS), places(shown))
    assert judged("glass", made, classes=2).places[0].attention is None
    assert not made.mean_heat.any()
