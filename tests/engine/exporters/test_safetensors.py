import json

import numpy as np
import pytest
import timm
import torch

from finetuner.engine.backbones.deployed import load_best, load_folder
from finetuner.engine.exporters.export import export
from finetuner.engine.requests import ExportRequest
from tests.engine.tiny import CLASSES


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "model"
    list(export(ExportRequest(run=run, format="safetensors", out=out, author="Ada")))
    return out


def test_timm_opens_it_and_gives_the_same_logits(run, folder):
    images = torch.randn(2, 3, 64, 64)
    model = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
    with torch.no_grad():
        torch.testing.assert_close(model(images), load_best(run).network.model(images))


def test_the_app_opens_it_too(run, folder):
    back, best = load_folder(folder), load_best(run)
    assert back.classes == best.classes
    assert back.temperature == best.temperature
    pixels = torch.from_numpy(np.full((1, 50, 70, 3), 99, np.uint8))
    with torch.no_grad():
        torch.testing.assert_close(back.deployed(pixels), best.deployed(pixels))


def test_card_and_configuration_carry_the_certificate(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "config.json", "model.safetensors"]
    text = (folder / "README.md").read_text("utf-8")
    assert "By Ada." in text
    assert all(f"- {name}" in text for name in CLASSES)
    assert "On 12 images" in text
    assert json.loads((folder / "config.json").read_text())["finetuner"]["certificate"]["passed"] is True
