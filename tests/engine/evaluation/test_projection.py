import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from finetuner.engine.evaluation.projection import COMPONENTS, neighbours, principal


def groups(n: int = 90, width: int = 60, kinds: int = 9) -> tuple[np.ndarray, np.ndarray]:
    """Groups that no two axes can keep apart."""
    generator = np.random.default_rng(0)
    own = np.arange(n) % kinds
    return own, generator.normal(0, 6, (kinds, width))[own] + generator.normal(0, 1, (n, width))


def test_principal_components_are_those_of_the_singular_values() -> None:
    _, rows = groups()
    centred = rows - rows.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    found = principal(rows, seed=0)
    assert found.rows.shape == (90, COMPONENTS)
    np.testing.assert_allclose(np.abs(found.rows[:, :2]), np.abs(left[:, :2] * values[:2]), atol=1e-6)
    assert found.explained == pytest.approx((values[:2] ** 2).sum() / (values**2).sum())


def kept_together(own: np.ndarray, plane: np.ndarray) -> float:
    """How often the nearest on the plane is of the same group."""
    distances = np.linalg.norm(plane[:, None] - plane[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return float((own[distances.argmin(axis=1)] == own).mean())


def test_neighbours_stay_together_better_than_by_two_axes() -> None:
    own, rows = groups(n=240, kinds=40)
    found = principal(rows, seed=0)
    plane, axes = neighbours(found.rows, seed=0), found.rows[:, :2]
    assert kept_together(own, plane) > max(0.95, kept_together(own, axes) + 0.05)
    assert trustworthiness(rows, plane) > trustworthiness(rows, axes)


def test_the_same_rows_give_the_same_map() -> None:
    _, rows = groups()
    first, second = (neighbours(principal(rows, seed=3).rows, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("shape", [(5, 1), (5, 2), (6, 40)])
def test_few_images_and_narrow_features_have_a_map(shape: tuple[int, int]) -> None:
    found = principal(np.random.default_rng(0).normal(size=shape), seed=0)
    assert found.rows.shape[1] >= 2
    plane = neighbours(found.rows, seed=0)
    assert plane.shape == (shape[0], 2)
    assert np.isfinite(plane).all()


def test_images_that_are_all_alike_lie_on_one_place() -> None:
    found = principal(np.ones((6, 4)), seed=0)
    assert found.explained == 0.0
    np.testing.assert_allclose(neighbours(found.rows, seed=0), 0, atol=1e-12)
