import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.evaluation.curves import MOST_POINTS, curves


def test_a_small_case_by_hand() -> None:
    found = curves(np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1]))
    assert found["roc"] == ((0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0))
    assert found["auc"] == 0.75
    assert found["average_precision"] == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize("positive", [[True, True], [False, False]])
def test_one_kind_alone_has_no_curve(positive: list[bool]) -> None:
    assert curves(np.array(positive), np.array([0.2, 0.8])) == {}


@given(st.integers(0, 2**31))
def test_curves_of_many_images_are_thinned_and_keep_their_ends(seed: int) -> None:
    generator = np.random.default_rng(seed)
    shares = generator.random(3000)
    found = curves(generator.random(3000) < shares, shares)
    for name in ("roc", "precision_recall"):
        across = [point[0] for point in found[name]]
        assert len(across) <= MOST_POINTS
        assert (across[0], across[-1]) == (0.0, 1.0)
        assert across == sorted(across)
    across, up = np.array(found["roc"]).T
    assert np.trapezoid(up, across) == pytest.approx(found["auc"], abs=0.01)
