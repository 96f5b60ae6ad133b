"""Long methods with few passes: what they do is the same."""

import pytest

from finetuner.engine.explanations.attribution import gradient_shap, integrated_gradients, kernel_shap, rise, smoothgrad


@pytest.fixture
def few_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in (
        (rise, "MASKS", 16),
        (kernel_shap, "SAMPLES", 64),
        (smoothgrad, "SAMPLES", 8),
        (gradient_shap, "SAMPLES", 8),
        (integrated_gradients, "FIRST", 9),
        (integrated_gradients, "MOST", 17),
        (integrated_gradients, "TOLERANCE", float("inf")),
    ):
        monkeypatch.setattr(module, name, value)
