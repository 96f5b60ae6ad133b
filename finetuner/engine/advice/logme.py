"""LogME: how well a linear model on frozen features can explain the labels, without training one."""

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 100
_ENOUGH = 1e-4
_NOTHING = 1e-10  # a singular value that is only rounding

Matrix = NDArray[np.float64]


def logme(features: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Mean over the classes of the maximal log evidence per image; higher is better.

    You et al., "LogME: Practical Assessment of Pre-trained Models for Transfer Learning", 2021. For each class, y is
    1 for its images and 0 for the others, y ~ N(F w, 1 / beta), w ~ N(0, 1 / alpha); alpha and beta are found by
    MacKay's fixed point on the singular values of F. `features`: N,F; `labels`: N class indices.
    """
    left, singular, _ = np.linalg.svd(features.astype(np.float64), full_matrices=False)
    real = singular > _NOTHING * max(1.0, float(singular.max()))
    left, spectrum = left[:, real], singular[real] ** 2
    targets = [(labels == label).astype(np.float64) for label in np.unique(labels)]
    return float(np.mean([_evidence(left.T @ y, float(y @ y), spectrum, features.shape) for y in targets]))


def _evidence(projected: Matrix, square: float, spectrum: Matrix, shape: tuple[int, ...]) -> float:
    """Maximal log evidence of one target, divided by n. `projected`: U^T y; `square`: |y|^2; `spectrum`: S^2."""
    outside = max(0.0, square - float(projected @ projected))  # what no combination of the features can reach
    alpha = beta = 1.0
    for _ in range(_ROUNDS):
        before = alpha / beta
        alpha, beta = _improved(before, projected, outside, spectrum, shape[0])
        if abs(alpha / beta - before) <= _ENOUGH * before:
            break
    return _log_evidence(alpha, beta, projected, outside, spectrum, shape) / shape[0]


def _improved(ratio: float, projected: Matrix, outside: float, spectrum: Matrix, n: int) -> tuple[float, float]:
    weights, residual = _fit(ratio, projected, outside, spectrum)
    gamma = float(np.sum(spectrum / (spectrum + ratio)))  # how many directions the data determine
    return max(gamma, _NOTHING) / max(weights, _NOTHING), max(n - gamma, _NOTHING) / max(residual, _NOTHING)


def _fit(ratio: float, projected: Matrix, outside: float, spectrum: Matrix) -> tuple[float, float]:
    """|w|^2 and |y - F w|^2 of the mean weights for ratio = alpha / beta."""
    shrunk = projected / (spectrum + ratio)
    return float(np.sum(spectrum * shrunk**2)), float(np.sum((ratio * shrunk) ** 2)) + outside


def _log_evidence(
    alpha: float, beta: float, projected: Matrix, outside: float, spectrum: Matrix, shape: tuple[int, ...]
) -> float:
    n, width = shape
    weights, residual = _fit(alpha / beta, projected, outside, spectrum)
    # directions without a singular value contribute log alpha each, which cancels against the prior's share
    determinant = float(np.sum(np.log(alpha + beta * spectrum))) + (width - len(spectrum)) * np.log(alpha)
    fit = n * np.log(beta) + width * np.log(alpha) - determinant - beta * residual - alpha * weights
    return float(fit - n * np.log(2 * np.pi)) / 2
