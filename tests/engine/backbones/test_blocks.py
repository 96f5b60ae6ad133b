import pytest
import torch
from torch import nn

from finetuner.engine.backbones.architecture import Options
from finetuner.engine.backbones.blocks import Block, cut
from finetuner.engine.backbones.sources import make


def blocks_of(source: str, name: str) -> tuple[nn.Module, tuple[Block, ...]]:
    architecture = make(source, name, Options(classes=3))
    return architecture.model, cut(architecture.model, architecture.groups, architecture.head_name)


ARCHITECTURES = (
    ("timm", "test_resnet"),
    ("timm", "test_vit"),
    ("timm", "test_efficientnet"),
    ("timm", "test_convnext"),
    ("timm", "test_mambaout"),
    ("timm", "test_nfnet"),
    ("timm", "test_maxvit"),
    ("timm", "deit_tiny_distilled_patch16_224"),
    ("timm", "mobilenetv4_conv_small_050"),
    ("timm", "levit_128s"),
    ("torchvision", "resnet18"),
    ("torchvision", "googlenet"),
    ("torchvision", "mobilenet_v3_small"),
    ("torchvision", "shufflenet_v2_x0_5"),
    ("torchvision", "swin_t"),
    ("torchvision", "mnasnet0_5"),
)


@pytest.mark.parametrize(("source", "name"), ARCHITECTURES)
def test_blocks_hold_every_parameter_once_and_end_with_the_head_alone(source: str, name: str) -> None:
    model, blocks = blocks_of(source, name)
    held = [parameter for block in blocks for parameter in block.parameters]
    assert sorted(held) == sorted(parameter for parameter, _ in model.named_parameters())
    assert blocks[0].name == "stem"
    assert blocks[-1].name == "head"
    assert [parameter.rpartition(".")[2] for parameter in blocks[-1].parameters] == ["weight", "bias"]
    assert len({block.name for block in blocks}) == len(blocks) >= 4


@pytest.mark.parametrize(("source", "name"), ARCHITECTURES)
def test_every_block_has_something_to_learn(source: str, name: str) -> None:
    model, blocks = blocks_of(source, name)
    parameters = dict(model.named_parameters())
    assert all(any(parameters[name].ndim > 1 for name in block.parameters) for block in blocks)


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("timm", "test_resnet", ["stem", "layer1", "layer2", "layer3", "layer4", "head"]),
        ("timm", "test_convnext", ["stem", "stages.0", "stages.1", "stages.2", "stages.3", "head"]),
        ("timm", "test_vit", ["stem", *(f"blocks.{number}" for number in range(6)), "head"]),
        ("torchvision", "resnet18", ["stem", "layer1", "layer2", "layer3", "layer4", "head"]),
    ],
)
def test_names_are_the_models_own_from_stem_to_head(source: str, name: str, expected: list[str]) -> None:
    _, blocks = blocks_of(source, name)
    assert [block.name for block in blocks] == expected


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("pit_ti_224", "transformers.1"),
        ("poolformerv2_s12", "stages.3"),
        ("csatv2", "stages.3"),
        ("rdnet_tiny", "dense_stages.6"),
    ],
)
def test_networks_whose_library_groups_them_not_are_cut_by_stage(name: str, block: str) -> None:
    with torch.device("meta"):
        _, blocks = blocks_of("timm", name)
    assert block in [block.name for block in blocks]


def test_a_body_that_has_a_part_called_head_keeps_its_names_apart() -> None:
    with torch.device("meta"):
        _, blocks = blocks_of("timm", "selecsls42")
    assert [block.name for block in blocks[-2:]] == ["head.0", "head"]


def test_a_final_normalisation_joins_the_block_before_it() -> None:
    _, blocks = blocks_of("timm", "test_vit")
    assert "norm.weight" in blocks[-2].parameters
