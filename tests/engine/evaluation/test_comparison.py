import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.evaluation.comparison import compare, exact_mcnemar
from finetuner.engine.events import PredictionRow


def rows(answers: str, truth: str = "aaaaaaaaaa") -> list[PredictionRow]:
    return [
        PredictionRow(source=f"{number}.png", label=label, probability=0.9, truth=right)
        for number, (label, right) in enumerate(zip(answers, truth, strict=False))
    ]


@pytest.mark.parametrize(("one", "two", "p"), [(0, 0, 1.0), (5, 5, 1.0), (10, 0, 2 / 2**10), (1, 5, 14 / 64)])
def test_the_p_value_is_the_coin_s(one: int, two: int, p: float) -> None:
    assert exact_mcnemar(one, two) == exact_mcnemar(two, one) == pytest.approx(p)


@given(st.integers(0, 300), st.integers(0, 300))
def test_it_is_a_probability(one: int, two: int) -> None:
    assert 0 < exact_mcnemar(one, two) <= 1


def test_images_are_matched_by_file_and_counted() -> None:
    found = compare(rows("aabbaaaaaa"), rows("aaabbaaa")[1:])
    assert (found.images, found.both, found.only_first, found.only_second) == (7, 4, 1, 1)
    changed = [(one.source, one.label, two.label) for one, two in found.changed]
    assert changed == [("2.png", "b", "a"), ("4.png", "a", "b")]


def test_a_clear_difference_is_said_so() -> None:
    assert "the second is better" in compare(rows("bbbbbbbbbb"), rows("aaaaaaaaaa")).sentence


def test_a_small_one_is_not() -> None:
    assert "too few to tell" in compare(rows("bbaaaaaaaa"), rows("aaaaaaaaaa")).sentence


def test_equal_is_equal() -> None:
    assert "equally good" in compare(rows("ba"), rows("ab")).sentence
