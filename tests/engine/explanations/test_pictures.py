"""Every method that draws a picture, on every family: a picture, or a sentence that says why not."""

from pathlib import Path

import pytest

from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.explanation import drawing
from finetuner.engine.explanations.fragile import pgd
from finetuner.engine.explanations.inside import activation_maximisation, deepdream
from tests.engine.explanations.families import FAMILIES, family
from tests.engine.explanations.subjects import drawn, subject_of
from tests.engine.tiny import tiny_run

PICTURES = [name for name, entry in EXPLANATIONS.items() if entry.draws == "picture"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("method", PICTURES)
def test_a_picture(method: str, name: str, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activation_maximisation, "STEPS", 4)
    monkeypatch.setattr(deepdream, "STEPS", 1)
    monkeypatch.setattr(pgd, "STEPS", 3)
    model = family(name)
    found = drawn(drawing(method).draw(subject_of(model, run=run), None))
    assert found.picture.dtype == "uint8"
    assert found.picture.ndim == 3
    assert found.picture.std() > 0
    assert found.sentence.endswith(".")
    assert not any(module._forward_hooks for module in model.modules())
    assert all(parameter.requires_grad and parameter.grad is None for parameter in model.parameters())
