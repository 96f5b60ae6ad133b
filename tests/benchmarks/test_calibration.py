"""The benchmark of calibration finds what was put in."""

import numpy as np

from benchmarks import calibration
from benchmarks.calibration import crossed, judged


def answers(n: int, factor: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits that claim `factor` times too much for the labels drawn from them."""
    random = np.random.default_rng(1)
    logits = 2 * random.normal(size=(n, 3))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return logits * factor, np.array([random.choice(3, p=row) for row in shares])


def whole(half: np.ndarray) -> np.ndarray:
    return half


def test_overconfidence_is_found_and_mended_on_the_other_half(monkeypatch) -> None:
    monkeypatch.setattr(calibration, "SPLITS", 5)
    monkeypatch.setattr(calibration, "DRAWS", 40)
    found = judged(*answers(1500, 3.0))
    assert found["ece_scaled"] < found["ece"] / 3
    assert found["ece_change"][1] < 0
    assert found["loss_change"][1] < 0


def test_where_nothing_is_wrong_nothing_changes_for_sure(monkeypatch) -> None:
    monkeypatch.setattr(calibration, "SPLITS", 5)
    monkeypatch.setattr(calibration, "DRAWS", 40)
    low, high = judged(*answers(600, 1.0))["loss_change"]
    assert low < 0.001
    assert high > -0.001


def test_a_faultless_model_is_not_without_error() -> None:
    few, many = (calibration.floor(*answers(n, 1.0), np.random.default_rng(0)) for n in (150, 3000))
    assert 0.02 < few < 0.10
    assert many < few / 2


def test_no_image_is_judged_by_a_temperature_that_it_helped_to_fit(monkeypatch) -> None:
    logits, truth = answers(200, 1.0)
    fitted, scaled = [], []
    monkeypatch.setattr(calibration, "fit_temperature", lambda logits, truth: fitted.append(logits) or 2.0)
    monkeypatch.setattr(calibration, "_figures", lambda logits, truth: scaled.append(logits) or (0.0, 0.0))
    crossed(logits, truth, whole, np.random.default_rng(0))
    plain, divided = scaled
    assert np.array_equal(plain, np.concatenate([fitted[1], fitted[0]]))
    assert np.array_equal(divided * 2, plain)
    assert len({tuple(row) for row in np.concatenate(fitted)}) == 200
