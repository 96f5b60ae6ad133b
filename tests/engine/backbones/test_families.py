"""One contract for every family of the shelf. `python -m benchmarks families` writes its table, with all exports."""

import pytest

from benchmarks.family_cases import WITHOUT_HEAD, Case, exported, families
from benchmarks.family_checks import QUICK, onnx_agrees, onnx_is_certified
from finetuner.engine.backbones import shelf

# random weights swell rounding in its logits, and with them the probabilities
SWOLLEN = {"inception_v3"}
CERTIFIED = {
    "resnet": "test_resnet",
    "VGG": "vgg11",
    "MobileNet": "mobilenetv2_035",
    "EfficientNet": "test_efficientnet",
    "ConvNeXt": "test_convnext",
    "DenseNet": "densenet121",
    "GoogLeNet": "torchvision/googlenet",
    "ViT": "test_vit",
    "Swin": "swin_tiny_patch4_window7_224",
}


@pytest.mark.parametrize("case", families(), ids=lambda case: case.family)
def test_a_network_of_each_family_is_cut_planned_trained_and_explained(case: Case) -> None:
    with case.built() as network:
        for check in QUICK.values():
            check(network)


@pytest.mark.parametrize("case", exported(), ids=lambda case: case.name)
def test_a_network_of_each_kind_promised_by_name_and_awkward_ones_are_exported(case: Case) -> None:
    with case.built() as network:
        onnx_agrees(network) if case.name in SWOLLEN else onnx_is_certified(network)


def test_no_family_is_left_out() -> None:
    assert len(families()) == len({(entry.source, entry.family) for entry in shelf.entries()}) > 100


def test_there_is_a_way_out_for_each_that_is_refused() -> None:
    assert all(name.removesuffix("_enc") in shelf.by_name() for name in WITHOUT_HEAD)


def test_the_nine_families_that_are_promised_a_certificate_are_among_the_exported() -> None:
    assert set(CERTIFIED.values()) <= {case.name for case in exported()} - SWOLLEN
