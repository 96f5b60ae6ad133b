import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.dataset.randomness import mix, uniforms

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


@given(st.integers(0, 2**31), st.lists(st.integers(0, 2**40), min_size=1, max_size=9))
def test_a_sample_s_numbers_do_not_depend_on_its_neighbours(seed: int, samples: list[int]) -> None:
    alone = np.concatenate([uniforms((seed, 1), [sample], 5) for sample in samples])
    assert np.array_equal(uniforms((seed, 1), samples, 5), alone)


def test_numbers_are_spread_evenly_and_independent_of_each_other() -> None:
    numbers = uniforms((7, 3), range(20_000), 4)
    assert ((numbers >= 0) & (numbers < 1)).all()
    assert np.abs(np.histogram(numbers, 10, (0, 1))[0] / numbers.size - 0.1).max() < 0.005
    assert np.abs(np.corrcoef(numbers.T) - np.eye(4)).max() < 0.03
    assert abs(np.corrcoef(numbers[:-1, 0], numbers[1:, 0])[0, 1]) < 0.03


def test_another_seed_or_epoch_gives_other_numbers() -> None:
    rows = [uniforms(seed, range(50), 3) for seed in ((0, 0), (0, 1), (1, 0))]
    assert all((one != other).all() for one, other in ((rows[0], rows[1]), (rows[0], rows[2]), (rows[1], rows[2])))
