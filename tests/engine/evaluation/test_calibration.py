import numpy as np
import pytest

from finetuner.engine.evaluation.calibration import HOTTEST, fit_temperature, reliability
from finetuner.engine.evaluation.numeric import log_softmax


def answers(n: int, temperature: float, classes: int = 3) -> tuple[np.ndarray, list[int]]:
    """Logits that are `temperature` times too large for the labels drawn from them."""
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(n, classes)) * 2
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    truth = [int(generator.choice(classes, p=p)) for p in shares]
    return logits * temperature, truth


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_it_finds_the_factor_that_was_put_in(temperature):
    assert fit_temperature(*answers(20_000, temperature)) == pytest.approx(temperature, rel=0.05)


def test_no_other_temperature_is_much_likelier():
    logits, truth = answers(2_000, 2.0)
    best = fit_temperature(logits, truth)
    rows = np.arange(len(truth))
    losses = [-log_softmax(logits / (best * factor))[rows, truth].mean() for factor in (0.8, 1.0, 1.25)]
    assert min(losses) == losses[1]


def test_a_faultless_set_does_not_ask_for_certainty():
    truth = [0, 1] * 50
    for margin in (0.5, 5.0, 50.0):
        assert 0.3 < fit_temperature(np.eye(2)[truth] * margin, truth) <= 1.0


def test_a_set_that_is_always_wrong_stays_in_bounds():
    truth = [0, 1] * 50
    assert 1 < fit_temperature(np.eye(2)[truth][:, ::-1] * 5, truth) <= HOTTEST


def test_too_few_images_or_one_class_leave_it_alone():
    logits, truth = answers(30, 3.0)
    assert fit_temperature(logits[:19], truth[:19]) == 1.0
    assert fit_temperature(logits, [1] * 30) == 1.0


def test_the_answer_stays_the_same():
    logits, truth = answers(500, 4.0)
    softened = logits / fit_temperature(logits, truth)
    assert (softened.argmax(1) == logits.argmax(1)).all()


def overconfident(n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Answers that claim more than they know: logits three times too large."""
    generator = np.random.default_rng(5)
    logits = generator.normal(0, 1, (n, 3))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([generator.choice(3, p=row) for row in shares])
    return 3 * logits, truth


def test_scaling_by_the_fitted_temperature_lowers_the_error():
    logits, truth = overconfident()
    raw, scaled = reliability(logits, truth), reliability(logits, truth, fit_temperature(logits, truth.tolist()))
    assert raw.error > 0.15
    assert scaled.error < 0.03


def test_the_error_by_hand():
    """Two answers at 0.9, one of them right; two at 0.6, both right."""
    logits = np.log([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    found = reliability(logits, [0, 1, 0, 0])
    assert found.error == pytest.approx((2 * 0.4 + 2 * 0.4) / 4)
    assert sum(part.n for part in found.bins) == 4
    assert [(part.accuracy, part.n) for part in found.bins] == [(1.0, 2), (0.5, 2)]


def test_full_confidence_falls_into_the_last_bin():
    found = reliability(np.array([[1000.0, 0.0]]), [0])
    assert (found.bins[0].low, found.bins[0].high, found.error) == (0.9, 1.0, 0.0)
