"""Networks of timm with several heads: each ends in one linear map, and what is kept opens in timm."""

from pathlib import Path

import pytest
import timm
import torch

from benchmarks.family_cases import images
from benchmarks.family_checks import head_is_linear, timm_opens_it
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.job import BackbonePart
from tests.engine.backbones.tiny import weight_file

# distilled in three ways, auxiliary, averaged by branch, weighted by stage, and a convolution
SEVERAL_HEADS = {
    "deit_tiny_distilled_patch16_224": 32,
    "efficientformerv2_s0": 64,
    "repvit_m0_9": 64,
    "volo_d1_224": 64,
    "crossvit_tiny_240": 240,
    "efficientvim_m1_dist": 128,
    "dla46x_c": 64,
}


def built(name: str, size: int, **options: object) -> Network:
    torch.manual_seed(0)
    part = BackbonePart(backbone=name, image_size=size, **{"pretrained": False, **options})  # type: ignore[arg-type]
    network = build(part, classes=3)
    network.head.set(torch.randn_like(network.head.weight), torch.randn(3))
    network.model.eval()
    return network


@pytest.mark.parametrize(("name", "size"), SEVERAL_HEADS.items())
def test_the_head_is_one_linear_map(name: str, size: int) -> None:
    network = built(name, size)
    head_is_linear(network)
    timm_opens_it(network)


def test_new_heads_start_with_equal_shares_whatever_the_published_ones_had(tmp_path: Path) -> None:
    path = weight_file(tmp_path, "efficientvim_m1", seed=3)
    network = built("efficientvim_m1", 128, weights=path, pretrained=True)
    assert network.report is not None
    assert network.report.loaded == network.report.total
    assert network.model.get_buffer("weights").tolist() == [1.0] * 4
    head_is_linear(network)


def test_the_same_logits_as_timms_own_network_with_those_heads() -> None:
    network = built("crossvit_tiny_240", 240)
    own = timm.create_model("crossvit_tiny_240", num_classes=3).eval()
    own.load_state_dict(network.model.state_dict())
    with torch.no_grad():
        torch.testing.assert_close(own(images(network)), network.model(images(network)))
