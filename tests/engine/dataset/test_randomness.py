from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.dataset.randomness import mix

parts = st.lists(st.integers(0, 2**63), max_size=4)


@given(parts)
def test_a_seed_fits_every_generator_and_stays_the_same(numbers: list[int]) -> None:
    assert 0 <= mix(*numbers) < 2**63
    assert mix(*numbers) == mix(*numbers)


@given(parts, parts)
def test_other_parts_give_another_seed(one: list[int], other: list[int]) -> None:
    assert (mix(*one) == mix(*other)) == (one == other)


def test_it_is_the_same_on_every_machine_and_for_ever() -> None:
    assert mix(0, 1, 2) == 4529435921577843265
