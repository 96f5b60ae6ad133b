import pytest
import timm
import torch
from backbone_numbers import published
from backbone_numbers.costs import costs
from backbone_numbers.published import timm_top1, torchvision_top1
from torch import nn
from torchvision.models import ResNet50_Weights

from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.shelf import entries

# infer_gmacs of timm's benchmark table (benchmark-infer-amp-nchw-pt291-cu130-5090.csv), rounded there to two decimals
PUBLISHED_GMACS = {
    "resnet18.a1_in1k": 1.82,
    "resnet34.a1_in1k": 3.67,
    "vit_tiny_patch16_224.augreg_in21k_ft_in1k": 1.26,
    "vit_small_patch16_224.augreg_in21k_ft_in1k": 4.61,
    "vit_base_patch32_224.augreg_in1k": 4.41,
    "convnext_atto.d2_in1k": 0.55,
    "convnext_pico.d1_in1k": 1.37,
    "efficientnet_b0.ra_in1k": 0.4,
    "mobilenetv2_100.ra_in1k": 0.31,
    "mobilenetv3_large_100.ra_in1k": 0.23,
    "regnetx_008.pycls_in1k": 0.81,
    "mixer_b32_224": 3.24,
    "tiny_vit_5m_224.in1k": 1.27,
    "repvit_m1.dist_in1k": 0.82,
}


def on_meta(model: nn.Module) -> nn.Module:
    return model.to("meta")


def test_a_convolution_costs_what_arithmetic_says() -> None:
    found = costs(on_meta(nn.Conv2d(3, 8, 3, padding=1)), 10)
    assert found.gmacs * 1e9 == 8 * 3 * 9 * 100
    assert found.activation_mb * 1e6 == 4 * 3 * 100  # its input


def test_a_storage_that_two_layers_keep_is_counted_once() -> None:
    chain = nn.Sequential(nn.Conv2d(3, 8, 1), nn.ReLU(), nn.Conv2d(8, 8, 1))
    # the input; and the rectified maps, which the rectifier and the next layer keep
    assert costs(on_meta(chain), 10).activation_mb * 1e6 == 4 * (3 + 8) * 100


def test_weights_are_not_activations() -> None:
    assert costs(on_meta(nn.Conv2d(3, 64, 1)), 1).activation_mb * 1e6 == 4 * 3


@pytest.mark.parametrize("name", PUBLISHED_GMACS)
def test_gmacs_agree_with_those_that_timm_publishes(name: str) -> None:
    counted = find(name).gmacs
    assert counted is not None
    assert counted == pytest.approx(PUBLISHED_GMACS[name], rel=0.05, abs=0.015)


def test_the_table_holds_what_is_counted() -> None:
    with torch.device("meta"):
        model = timm.create_model("test_resnet", num_classes=1000)
    found = costs(model, 160)
    entry = find("test_resnet")
    assert (entry.gmacs, entry.activation_mb) == (pytest.approx(found.gmacs, rel=1e-3), pytest.approx(5.97, rel=0.02))


def test_accuracy_is_the_one_at_the_networks_own_size() -> None:
    assert timm_top1("resnet50.a1_in1k", 224) == ("80.382", 224)
    assert timm_top1("efficientnet_b0.ra4_e3600_r224_in1k", 224) == ("78.572", 224)
    assert timm_top1("dm_nfnet_f0.dm_in1k", 200) == ("81.438", 192)
    assert timm_top1("vit_small_patch14_dinov2.lvd142m", 518) == ("", "")


def test_torchvision_tells_its_own() -> None:
    assert torchvision_top1(ResNet50_Weights.DEFAULT) == ("80.858", 224)


def test_every_name_of_the_results_is_on_the_shelf() -> None:
    assert published._table().keys() <= {entry.name for entry in entries()}


def test_nearly_every_row_has_its_costs() -> None:
    without = [entry.name for entry in entries() if entry.gmacs is None or entry.activation_mb is None]
    assert without == ["torchvision/vit_h_14"]
