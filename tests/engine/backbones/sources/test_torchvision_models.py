"""What torchvision's networks need so that they are trained, kept and opened like any other."""

from pathlib import Path

import pytest
import torch

from benchmarks.family_cases import images
from benchmarks.family_checks import head_is_linear
from finetuner.engine.backbones.deployed import load_folder, save_best
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.job import BackbonePart


def built(name: str, size: int = 64) -> Network:
    torch.manual_seed(0)
    network = build(BackbonePart(backbone=f"torchvision/{name}", pretrained=False, image_size=size), classes=3)
    network.head.set(torch.randn_like(network.head.weight), torch.randn(3))
    network.model.eval()
    return network


@pytest.mark.parametrize("name", ["squeezenet1_0", "squeezenet1_1", "mnasnet0_5"])
def test_what_is_kept_answers_as_before(name: str, tmp_path: Path) -> None:
    network = built(name)
    head_is_linear(network)
    save_best(tmp_path, network, ("a", "b", "c"), 1.0)
    again = load_folder(tmp_path).network
    with torch.no_grad():
        torch.testing.assert_close(again.model(images(network)), network.model(images(network)))


def test_squeezenet_keeps_the_names_of_its_published_weights() -> None:
    assert {"classifier.1.weight", "classifier.1.bias"} <= built("squeezenet1_1").model.state_dict().keys()


def test_a_head_without_a_bias_gets_one() -> None:
    network = built("maxvit_t", 224)
    assert network.head.bias.abs().min() > 0
    assert network.blocks[-1].parameters == ("classifier.5.weight", "classifier.5.bias")
