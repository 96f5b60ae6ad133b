import numpy as np
import pytest

from finetuner.engine.advice.trial import folds_of, trial


def clouds(distance: float, n: int = 60, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = np.arange(n) % classes
    centres = distance * np.eye(classes, 16)
    return (centres[labels] + generator.normal(size=(n, 16))).astype(np.float32), labels


def alone(labels: np.ndarray) -> np.ndarray:
    return np.arange(len(labels))


def test_clouds_far_apart_are_all_told_right() -> None:
    features, labels = clouds(50)
    result = trial(features, labels, alone(labels), seed=0)
    assert (result.images, result.ridge, result.neighbours) == (60, 60, 60)


def test_noise_is_told_no_better_than_by_chance() -> None:
    features, labels = clouds(0, n=300)
    result = trial(features, labels, alone(labels), seed=0)
    assert 60 < result.ridge < 140
    assert 60 < result.neighbours < 140


def test_copies_in_the_other_part_do_not_help() -> None:
    features, labels = clouds(0, n=60)
    features, labels = np.repeat(features, 4, axis=0), np.repeat(labels, 4)
    groups = np.repeat(np.arange(60), 4)
    kept_together = trial(features, labels, groups, seed=0)
    divided = trial(features, labels, alone(labels), seed=0)
    assert divided.neighbours > 0.95 * divided.images
    assert kept_together.neighbours < 0.6 * kept_together.images


def test_the_same_seed_gives_the_same_hits() -> None:
    features, labels = clouds(1)
    assert trial(features, labels, alone(labels), seed=3) == trial(features, labels, alone(labels), seed=3)


@pytest.mark.parametrize(("counts", "folds"), [((9, 9), 5), ((3, 9), 3), ((1, 9), 1)])
def test_every_class_is_in_every_training_part(counts: tuple[int, int], folds: int) -> None:
    assert folds_of(np.repeat([0, 1], counts)) == folds
