import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.evaluation.label_errors import suspicion

SHARES = np.array([[0.9, 0.1, 0.0], [0.95, 0.02, 0.03], [0.2, 0.7, 0.1], [0.1, 0.9, 0.0], [0.3, 0.3, 0.4]])


def test_a_small_case_by_hand() -> None:
    """The second image is labelled 1, and everything says 0."""
    found = suspicion(SHARES, [0, 1, 1, 1, 2])
    assert found.likely.tolist() == [False, True, False, False, False]
    assert found.order[0] == 1
    assert (found.others[1], round(found.margins[1], 6)) == (0, -0.93)
    assert found.others.tolist() == [1, 0, 0, 0, 0]


def test_an_unsure_model_accuses_nobody() -> None:
    assert not suspicion(np.full((6, 3), 1 / 3), [0, 1, 2, 0, 1, 2]).likely.any()


def test_a_class_without_images_is_never_claimed() -> None:
    assert not suspicion(np.array([[0.6, 0.4], [0.7, 0.3]]), [0, 0]).likely.any()


@given(st.integers(0, 2**31))
def test_flipped_labels_come_first(seed: int) -> None:
    """Of 300 images that a decent model knows, one in twenty is given another label."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, 3, 300)
    logits = generator.normal(0, 1, (300, 3)) + 4 * np.eye(3)[truth]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    flipped = generator.choice(300, 15, replace=False)
    labels = truth.copy()
    labels[flipped] = (truth[flipped] + 1) % 3
    found = suspicion(shares, labels.tolist())
    assert len(set(found.order[:30].tolist()) & set(flipped.tolist())) >= 12
    assert found.likely[flipped].mean() > 0.3
    assert np.delete(found.likely, flipped).mean() < 0.05
