import pytest

from finetuner.engine.prediction.disagreement import Disagreement
from finetuner.engine.prediction.stream import LiveAnswer, State


def answer(arrived: float, label: str, state: State = "answered") -> LiveAnswer:
    return LiveAnswer(((label, 0.9),), 30.0, 5.0, 0, arrived, state)


def test_only_frames_that_both_answered_are_counted() -> None:
    both = Disagreement()
    for arrived, label in ((1.0, "a"), (2.0, "a"), (3.0, "b")):
        both.add(0, answer(arrived, label))
    both.add(1, answer(2.0, "b"))
    both.add(1, answer(3.0, "b"))
    both.add(1, answer(4.0, "b"))
    assert (both.frames, both.differed, both.share) == (2, 1, 0.5)


def test_without_frames_nothing_differs() -> None:
    assert Disagreement().share == 0


@pytest.mark.parametrize(("state", "differed"), [("unsure", 1), ("answered", 0)])
def test_unsure_differs_from_an_answer(state: State, differed: int) -> None:
    both = Disagreement()
    both.add(1, answer(1.0, "a", state))
    both.add(0, answer(1.0, "a"))
    assert both.differed == differed


def test_two_that_are_unsure_agree() -> None:
    both = Disagreement()
    both.add(0, answer(1.0, "a", "unsure"))
    both.add(1, answer(1.0, "b", "unsure"))
    assert both.differed == 0


def test_what_the_other_never_answers_is_forgotten() -> None:
    both = Disagreement()
    for number in range(1000):
        both.add(0, answer(float(number), "a"))
    both.add(1, answer(0.0, "b"))
    both.add(1, answer(999.0, "b"))
    assert both.frames == 1
