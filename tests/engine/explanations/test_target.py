import pytest
import timm
import torch
from torch import nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.target import target_layer

USUAL = {
    "test_resnet": "layer4",
    "test_efficientnet": "bn2",
    "test_nfnet": "final_act",
    "test_convnext": "stages",
    "test_mambaout": "stages",
    "test_coatnet": "norm",
    "test_vit": "blocks.5.norm1",
    "test_vit2": "blocks.7.norm1",
    "test_vit3": "blocks.8.norm1",
    "test_vit_relpos": "blocks.8",
}


@pytest.mark.parametrize(("name", "layer"), USUAL.items())
def test_the_layer_of_each_family(name, layer):
    model = timm.create_model(name, num_classes=3).eval()
    assert target_layer(model, torch.zeros(1, 3, 160, 160)) == layer


def test_a_map_of_one_place_is_passed_over():
    model = timm.create_model("test_resnet", num_classes=3).eval()
    assert target_layer(model, torch.zeros(1, 3, 32, 32)).startswith("layer3")


def test_of_a_layer_that_is_called_twice_the_last_output_counts():
    twice = nn.ReLU()
    model = nn.Sequential(nn.Conv2d(3, 4, 3), twice, nn.Conv2d(4, 4, 6), twice)
    assert target_layer(model, torch.zeros(1, 3, 8, 8)) == "0"


def test_no_hook_stays():
    model = timm.create_model("test_resnet", num_classes=3).eval()
    target_layer(model, torch.zeros(1, 3, 64, 64))
    assert not any(module._forward_hooks for module in model.modules())


def test_a_network_without_maps_is_a_sentence():
    with pytest.raises(FinetunerError, match="No layer"):
        target_layer(nn.Sequential(nn.Flatten(), nn.Linear(12, 2)), torch.zeros(1, 3, 2, 2))
