import errno
from itertools import permutations
from pathlib import Path

import pytest
import safetensors.torch
import timm
import torch

from finetuner.engine.backbones import weights
from finetuner.engine.backbones.heads import linear_head
from finetuner.engine.errors import FinetunerError
from tests.engine.backbones.tiny import state_of, weight_file

MODELS = ("test_resnet", "test_vit", "test_efficientnet", "test_convnext", "test_nfnet", "test_byobnet")


def load(name: str, state: dict[str, torch.Tensor]) -> weights.LoadReport:
    model = timm.create_model(name, num_classes=3)
    return weights.load_into(model, state, linear_head(model, 3))


@pytest.mark.parametrize(("theirs", "ours"), list(permutations(MODELS, 2)))
def test_weights_of_another_network_are_refused_and_named(theirs: str, ours: str) -> None:
    with pytest.raises(FinetunerError, match=rf"These are {theirs} weights: \d+ of \d+ tensors fit") as caught:
        load(ours, state_of(theirs))
    assert theirs in caught.value.next_step


@pytest.mark.parametrize("name", MODELS)
def test_own_weights_fit_completely(name: str) -> None:
    report = load(name, state_of(name))
    assert report.loaded == report.total > 0


def test_weights_of_no_known_network_are_said_to_be_so() -> None:
    with pytest.raises(FinetunerError, match="no network known here: 0 of"):
        load("test_resnet", {"a.weight": torch.zeros(3, 3)})


def test_a_refused_file_changes_nothing() -> None:
    model = timm.create_model("test_resnet", num_classes=3)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    half = dict(list(state_of("test_resnet", seed=9).items())[:20])
    with pytest.raises(FinetunerError, match="tensors fit"):
        weights.load_into(model, half, "fc")
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_a_few_missing_tensors_are_counted_not_hidden() -> None:
    state = state_of("test_resnet")
    del state["layer4.0.conv1.weight"]
    report = load("test_resnet", state)
    assert report.loaded == report.total - 1
    assert report.sentence == f"{report.loaded} of {report.total} tensors loaded"


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "model.", "backbone.", "_orig_mod.module."])
def test_prefixes_of_wrappers_are_taken_off(tmp_path: Path, prefix: str) -> None:
    state = weights.read_state_dict(weight_file(tmp_path, "test_resnet", prefix))
    assert load("test_resnet", state).loaded == load("test_resnet", state_of("test_resnet")).loaded


def test_the_architecture_of_a_file_is_told_by_its_tensors(tmp_path: Path) -> None:
    assert weights.architecture_of(weight_file(tmp_path, "test_vit")) == "test_vit"


def test_a_file_like_no_network_has_no_architecture(tmp_path: Path) -> None:
    safetensors.torch.save_file({"a": torch.zeros(2)}, tmp_path / "a.safetensors")
    with pytest.raises(FinetunerError, match="fits no network"):
        weights.architecture_of(tmp_path / "a.safetensors")


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="does not exist"):
        weights.read_state_dict(tmp_path / "absent.safetensors")


@pytest.mark.parametrize("kind", [torch.int8, torch.uint8, torch.int32, torch.complex64])
def test_whole_and_complex_numbers_are_no_weights_of_this_network(kind: torch.dtype) -> None:
    state = {name: tensor.to(kind) for name, tensor in state_of("test_resnet").items()}
    with pytest.raises(FinetunerError, match=": 0 of"):
        load("test_resnet", state)


def test_a_safetensors_file_of_another_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = weight_file(tmp_path, "test_resnet").rename(tmp_path / "weights.pth")
    assert load("test_resnet", weights.read_state_dict(path)).loaded


def test_a_disk_that_refuses_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(weights.foreign, "as_safetensors", refuse)
    (tmp_path / "weights.pth").write_bytes(b"x")
    with pytest.raises(FinetunerError, match=r"weights\.pth could not be opened: No space left"):
        weights.read_state_dict(tmp_path / "weights.pth")
