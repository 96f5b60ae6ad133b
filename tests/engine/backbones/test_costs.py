from dataclasses import replace

import pytest

from finetuner.engine.backbones.costs import memory_to_train
from finetuner.engine.backbones.names import find


def test_weights_gradients_and_moments_and_the_activations_of_a_batch() -> None:
    entry = replace(find("resnet18"), parameters=1_000_000, activation_mb=2.5)
    assert memory_to_train(entry, batch=4) == pytest.approx(16 + 10 + 350)


def test_what_was_not_counted_is_not_estimated() -> None:
    assert memory_to_train(replace(find("resnet18"), activation_mb=None)) is None
