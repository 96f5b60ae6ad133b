import numpy as np
import pytest
from sklearn.linear_model import BayesianRidge

from finetuner.engine.advice.logme import logme


def data(n: int, width: int, signal: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    features = generator.normal(size=(n, width))
    labels = (features[:, :3].sum(1) * signal + generator.normal(size=n) > 0).astype(np.int64)
    return features.astype(np.float32), labels


@pytest.mark.parametrize(("n", "width"), [(120, 20), (30, 80)])
def test_it_is_the_evidence_that_scikit_learn_maximises(n: int, width: int) -> None:
    features, labels = data(n, width, signal=1.0)
    evidences = []
    for label in (0, 1):
        flat = {"alpha_1": 0, "alpha_2": 0, "lambda_1": 0, "lambda_2": 0}
        model = BayesianRidge(**flat, fit_intercept=False, compute_score=True, tol=1e-10, max_iter=3000)
        model.fit(features.astype(np.float64), (labels == label).astype(np.float64))
        evidences.append(model.scores_[-1] / n)
    assert logme(features, labels) == pytest.approx(np.mean(evidences), abs=1e-3)


def test_features_that_tell_more_score_higher() -> None:
    scores = [logme(*data(200, 30, signal)) for signal in (0.0, 0.5, 2.0, 8.0)]
    assert scores == sorted(scores)


def test_classes_need_not_be_numbered_without_gaps() -> None:
    features, labels = data(60, 10, signal=2.0)
    assert logme(features, labels * 7) == logme(features, labels)


def test_features_that_explain_everything_or_nothing_are_finite() -> None:
    labels = np.array([0, 0, 1, 1])
    assert np.isfinite(logme(np.eye(2, dtype=np.float32)[labels], labels))
    assert np.isfinite(logme(np.zeros((4, 3), np.float32), labels))
