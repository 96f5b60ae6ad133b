import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.evaluation.comparison import compare, exact_mcnemar
from finetuner.engine.evaluation.paired import Pairs
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
    assert found.pairs == Pairs(both=4, only_first=1, only_second=1, neither=1)
    assert found.pairs.images == 7
    changed = [(one.source, one.label, two.label) for one, two in found.changed]
    assert changed == [("2.png", "b", "a"), ("4.png", "a", "b")]


def test_a_clear_difference_is_said_so() -> None:
    assert "The second is better" in compare(rows("bbbbbbbbbb"), rows("aaaaaaaaaa")).sentence


def test_a_small_one_is_not() -> None:
    assert "too few images to tell them apart" in compare(rows("bbaaaaaaaa"), rows("aaaaaaaaaa")).sentence


def test_equal_is_equal() -> None:
    assert "equally good" in compare(rows("ba"), rows("ab")).sentence


def test_names_make_the_sentence_a_user_reads() -> None:
    found = compare(rows("bbbbbbbbaa"), rows("aaaaaaaaab"))
    assert found.told("A", "B").startswith(
        "B is better: 8 images only it gets right against 1 (McNemar's test, p = 0.04"
    )


def test_nothing_in_common_is_said_so() -> None:
    assert "no image that both answered" in compare(rows("a"), []).sentence


def test_what_was_lost_and_what_was_won() -> None:
    found = compare(rows("abca"), rows("baab"))
    assert [two.source for _, two in found.lost] == ["0.png", "3.png"]
    assert [two.source for _, two in found.won] == ["1.png", "2.png"]


def test_each_class_is_counted_alone() -> None:
    found = compare(rows("abab", "aabb"), rows("aaba", "aabb"))
    assert {row.name: row.pairs for row in found.per_class} == {"a": Pairs(1, 0, 1, 0), "b": Pairs(0, 1, 1, 0)}
    assert [row.pairs.difference for row in found.per_class] == [0.5, 0.0]


def test_no_difference_is_said_so() -> None:
    assert "no difference to be seen on 2 images" in compare(rows("ab"), rows("ac")).sentence
