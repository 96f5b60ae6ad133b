"""Softmax in numpy, in double precision: scores must not depend on the framework that made the logits."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def log_softmax(logits: ArrayLike) -> Numbers:
    """Logits n x C -> log-probabilities n x C."""
    z = np.asarray(logits, dtype=np.float64)
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def softmax(logits: ArrayLike, temperature: float = 1.0) -> Numbers:
    """Logits n x C -> probabilities n x C, softened by `temperature` > 1, sharpened by < 1."""
    return np.exp(log_softmax(np.asarray(logits, dtype=np.float64) / temperature))
