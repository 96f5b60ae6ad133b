import json
from pathlib import Path

import pytest
import torch

from finetuner.engine.backbones import choice, on_disk, shelf
from finetuner.engine.backbones.network import Network, build, settle
from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import BackbonePart
from tests.engine.backbones.tiny import put_into_hub_cache, state_of, weight_file


def scratch(name: str, **options: float | int) -> Network:
    network = build(BackbonePart(backbone=name, pretrained=False, **options), classes=3)
    network.model.eval()
    return network


def images(network: Network) -> torch.Tensor:
    size = network.preprocessing.input_size
    return torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    "name",
    [
        "test_resnet",
        "test_vit",
        "test_efficientnet",
        "test_convnext",
        "test_nfnet",
        "test_mambaout",
        "deit_tiny_distilled_patch16_224",
        "efficientformerv2_s0",
        "torchvision/resnet18",
        "torchvision/mobilenet_v3_small",
        "torchvision/squeezenet1_1",
        "dla46x_c",
    ],
)
def test_the_head_applied_to_the_features_gives_the_logits(name: str) -> None:
    network = scratch(name)
    with torch.no_grad():
        features = network.features(images(network))
        logits = network.model(images(network))
    assert features.shape == (2, network.head.in_features)
    torch.testing.assert_close(network.head(features), logits)


def test_the_preprocessing_is_that_of_the_weights() -> None:
    seen = scratch("test_vit").preprocessing
    assert (seen.input_size, seen.mean, seen.crop_pct) == (160, (0.5, 0.5, 0.5), 0.95)


def test_another_image_size_is_built_into_a_transformer() -> None:
    network = scratch("test_vit", image_size=96)
    assert network.preprocessing.input_size == 96
    assert network.model(images(network)).shape == (2, 3)


def test_dropout_and_drop_path_reach_the_network() -> None:
    network = scratch("test_resnet", dropout=0.3, drop_path=0.2)
    assert network.model.drop_rate == 0.3
    assert any(getattr(module, "drop_prob", 0) for module in network.model.modules())


def test_dropout_reaches_a_torchvision_classifier() -> None:
    network = scratch("torchvision/mobilenet_v3_small", dropout=0.35)
    assert network.model.get_submodule("classifier.2").p == 0.35


@pytest.mark.parametrize(("name", "option"), [("vgg11", "drop_path"), ("torchvision/resnet18", "dropout")])
def test_an_option_that_the_network_lacks_is_named(name: str, option: str) -> None:
    with pytest.raises(FinetunerError, match=f"has no {option.replace('_', ' ')}"):
        scratch(name, **{option: 0.1})


def test_a_network_without_a_linear_head_is_refused_in_words() -> None:
    with torch.device("meta"), pytest.raises(FinetunerError, match="linear layer"):
        scratch("mobilenetv5_300m_enc")


def test_a_weight_file_is_loaded_except_its_head(tmp_path: Path) -> None:
    path = weight_file(tmp_path, "test_resnet", seed=5)
    network = build(BackbonePart(backbone="test_resnet", weights=path), classes=3)
    expected = state_of("test_resnet", seed=5)
    assert torch.equal(network.model.state_dict()["layer1.0.conv1.weight"], expected["layer1.0.conv1.weight"])
    assert network.head.weight.shape == (3, expected["fc.weight"].shape[1])
    assert network.report is not None
    assert (
        network.loaded == f"test_resnet.safetensors: {network.report.total} of {network.report.total} tensors loaded."
    )
    assert network.pretrained
    assert network.name == "test_resnet"


def test_position_embeddings_are_resampled_for_another_image_size(tmp_path: Path) -> None:
    path = weight_file(tmp_path, "test_vit")
    network = build(BackbonePart(backbone="test_vit", weights=path, image_size=96), classes=3)
    assert network.report is not None
    assert network.report.loaded == network.report.total


def test_a_file_without_a_name_says_itself_which_network_it_fits(tmp_path: Path) -> None:
    path = weight_file(tmp_path, "test_efficientnet").rename(tmp_path / "from-a-colleague.safetensors")
    network = build(BackbonePart(weights=path), classes=3)
    assert network.name == "test_efficientnet"
    assert "the weight file fits it" in network.loaded


def test_weights_in_the_hub_cache_are_used_without_a_socket() -> None:
    put_into_hub_cache("timm/test_resnet.r160_in1k", "test_resnet")
    network = build(BackbonePart(backbone="test_resnet"), classes=3)
    assert network.name == "test_resnet.r160_in1k"
    assert network.loaded.startswith("test_resnet.r160_in1k: ")


def test_weights_in_the_users_folder_are_found_by_their_name() -> None:
    weight_file(on_disk.weights_dir(), "test_resnet").rename(on_disk.weights_dir() / "test_resnet.mine.safetensors")
    by_architecture = build(BackbonePart(backbone="test_resnet"), classes=3)
    by_name = build(BackbonePart(backbone="test_resnet.mine"), classes=3)
    assert "test_resnet.mine.safetensors" in by_architecture.loaded
    assert (by_name.name, by_name.source) == ("test_resnet.mine", "local")


def test_absent_weights_are_a_sentence_with_the_line_that_fetches_them() -> None:
    with pytest.raises(FinetunerError, match="finetuner backbones --download resnet18") as caught:
        build(BackbonePart(backbone="resnet18"), classes=3)
    assert "not on this disk" in caught.value.sentence


def test_automatic_means_the_network_in_the_box_when_nothing_is_on_disk() -> None:
    network = build(BackbonePart(), classes=3)
    assert (network.name, network.source) == ("starter", "bundled")
    assert network.pretrained
    assert "it comes with the program" in network.loaded
    assert "download" not in network.loaded


def test_without_pretrained_weights_automatic_means_a_small_network_from_scratch() -> None:
    network = build(BackbonePart(pretrained=False), classes=3)
    assert (network.name, network.preprocessing.input_size) == (choice.SCRATCH, choice.SCRATCH_SIZE)
    assert not network.pretrained
    assert "from scratch" in network.loaded


def test_the_network_in_the_box_sees_images_as_its_config_says_and_keeps_that() -> None:
    config = json.loads((shelf.bundled_folder("starter") / "config.json").read_text("utf-8"))["pretrained_cfg"]
    network = build(BackbonePart(backbone="starter"), classes=3)
    assert list(network.preprocessing.mean) == config["mean"]
    assert network.preprocessing.crop_pct == config["crop_pct"]
    assert build(BackbonePart(backbone="starter", image_size=64), classes=3).preprocessing.input_size == 64
    assert network.architecture_config["pretrained_cfg"]["mean"] == config["mean"]


def test_automatic_prefers_weights_on_disk() -> None:
    weight_file(on_disk.weights_dir(), "test_vit")
    put_into_hub_cache("timm/test_efficientnet.r160_in1k", "test_efficientnet")
    network = build(BackbonePart(), classes=3)
    assert network.pretrained
    assert "on this disk" in network.loaded


def test_a_settled_choice_does_not_change_when_other_weights_arrive() -> None:
    put_into_hub_cache("timm/test_resnet.r160_in1k", "test_resnet")
    settled = settle(BackbonePart())
    weight_file(on_disk.weights_dir(), "test_vit")
    assert (settled.backbone, settled.pretrained) == ("test_resnet.r160_in1k", True)
    assert build(settled, classes=3).name == "test_resnet.r160_in1k"


def test_settling_what_learns_from_scratch_keeps_its_image_size() -> None:
    settled = settle(BackbonePart(pretrained=False))
    assert (settled.backbone, settled.image_size) == (f"{choice.SCRATCH}.r160_in1k", choice.SCRATCH_SIZE)
    assert not settled.pretrained
    assert build(settled, classes=3).name == choice.SCRATCH


def test_a_run_that_goes_on_needs_its_weight_file_no_more(tmp_path: Path) -> None:
    gone = BackbonePart(backbone="test_resnet", weights=tmp_path / "gone.safetensors")
    network = build(gone, classes=3, load=False)
    assert network.pretrained
    assert network.loaded == "gone.safetensors, not loaded."


def test_an_altered_file_in_torchs_cache_is_refused() -> None:
    cached = on_disk.torch_cache() / "resnet18-f37072fd.pth"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"not the published bytes")
    with pytest.raises(FinetunerError, match="not the file that was published"):
        build(BackbonePart(backbone="torchvision/resnet18"), classes=3)
