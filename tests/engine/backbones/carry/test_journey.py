import hashlib
import json
import os
import sys
from pathlib import Path

import pytest
import safetensors.torch
import torch
import torchvision

from finetuner.engine.backbones import names, on_disk, weights
from finetuner.engine.backbones.carry.journey import carry_in, carry_out
from finetuner.engine.backbones.carry.label import KEY, Label, read_label
from finetuner.engine.backbones.network import build
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import CarriedIn, CarriedOut
from finetuner.engine.job import BackbonePart
from finetuner.engine.requests import CarryInRequest, CarryOutRequest
from tests.engine.backbones.tiny import put_into_hub_cache, state_of, weight_file

NAME = "test_resnet.r160_in1k"
VISION = "torchvision/shufflenet_v2_x0_5"


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A carry file, on a machine that has nothing else any more."""
    source = put_into_hub_cache(names.find(NAME).hub, "test_resnet")
    *_, done = carry_out(CarryOutRequest(backbone=NAME, out=tmp_path / "stick" / "net.safetensors"))
    source.unlink()
    assert isinstance(done, CarriedOut)
    return Path(done.path)


def arrived(file: Path) -> CarriedIn:
    *_, done = carry_in(CarryInRequest(file=file))
    assert isinstance(done, CarriedIn)
    return done


def test_the_file_says_what_it_is(carried: Path) -> None:
    entry, label = names.find(NAME), read_label(carried)
    assert label is not None
    assert (label.backbone, label.architecture, label.licence) == (NAME, "test_resnet", entry.licence)
    assert label.origin.startswith(f"{entry.hub}@")
    assert len(label.published) == 64


def test_it_is_offered_where_it_arrives(carried: Path) -> None:
    assert names.find(NAME).weights() is None
    done = arrived(carried)
    assert done.backbone == NAME
    assert names.find(NAME).weights() == Path(done.path)
    assert build(BackbonePart(backbone=NAME), classes=2).report is not None


def test_the_tensors_are_the_same(carried: Path) -> None:
    before, after = state_of("test_resnet"), weights.read_state_dict(Path(arrived(carried).path))
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_a_pickled_file_is_converted_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_disk.weights_dir().mkdir(parents=True)
    pickled = on_disk.weights_dir() / "test_resnet.mine.pth"
    torch.save(state_of("test_resnet"), pickled)
    converted = {pickled: weight_file(tmp_path, "test_resnet")}
    monkeypatch.setattr(weights.foreign, "as_safetensors", converted.__getitem__)  # it starts a process: tested there
    *_, done = carry_out(CarryOutRequest(backbone="test_resnet.mine", out=tmp_path / "out.safetensors"))
    assert isinstance(done, CarriedOut)
    assert safetensors.torch.load_file(done.path).keys() == state_of("test_resnet").keys()


def test_a_network_of_torchvision_finds_its_own_name_again(tmp_path: Path) -> None:
    file, tensors = tmp_path / "vision.safetensors", torchvision.models.shufflenet_v2_x0_5().state_dict()
    safetensors.torch.save_file(tensors, file)
    label = Label(
        backbone=VISION, architecture=VISION, licence="bsd-3-clause", origin="shufflenetv2.pth",
        published="1" * 64, content=hashed(file),
    )  # fmt: skip
    safetensors.torch.save_file(tensors, file, label.metadata())
    path = Path(arrived(file).path)
    assert path.name == "torchvision--shufflenet_v2_x0_5.safetensors"
    assert names.find(VISION).weights() == path
    assert names.find(VISION).architecture == VISION


def hashed(path: Path) -> str:
    from finetuner.engine.backbones.carry.content import content_hash

    return content_hash(safetensors.torch.load_file(path))


@pytest.mark.parametrize("place", [0.5, 0.99])
def test_an_altered_file_is_refused_with_both_hashes_at_every_load(carried: Path, place: float) -> None:
    kept = Path(arrived(carried).path)
    for file in (carried, kept):
        content = bytearray(file.read_bytes())
        content[int(len(content) * place)] ^= 1
        file.write_bytes(content)
    with pytest.raises(FinetunerError, match=r"should be [0-9a-f]{64}, and is [0-9a-f]{64}"):
        arrived(carried)
    with pytest.raises(FinetunerError, match="altered or damaged on the way"):
        build(BackbonePart(backbone=NAME), classes=2)


def test_a_cut_file_is_refused(carried: Path) -> None:
    carried.write_bytes(carried.read_bytes()[:-9])
    with pytest.raises(FinetunerError):
        arrived(carried)
    assert not on_disk.weights_dir().exists()


def test_a_plain_weight_file_is_no_carry_file(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="is no carry file") as caught:
        arrived(weight_file(tmp_path, "test_resnet"))
    assert "--weights" in caught.value.next_step


def test_what_is_not_on_disk_cannot_be_carried(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="not on this disk"):
        list(carry_out(CarryOutRequest(backbone=NAME, out=tmp_path / "out.safetensors")))


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    put_into_hub_cache(names.find(NAME).hub, "test_resnet")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FinetunerError, match="could not be written"):
        list(carry_out(CarryOutRequest(backbone=NAME, out=tmp_path / "file" / "out.safetensors")))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"architecture": "unknown_net"}, "no backbone called unknown_net"),
        ({"architecture": "test_vit"}, "tensors fit"),
        ({"backbone": "../../evil"}, "damaged carry file"),
    ],
)
def test_a_label_that_is_not_true_is_refused(carried: Path, changed: dict[str, str], reason: str) -> None:
    label = read_label(carried)
    assert label is not None
    lying = label.model_copy(update=changed)
    safetensors.torch.save_file(safetensors.torch.load_file(carried), carried, lying.metadata())
    with pytest.raises(FinetunerError, match=reason):
        arrived(carried)
    assert not on_disk.weights_dir().exists()


def test_weights_of_the_users_own_arrive_under_their_name(tmp_path: Path) -> None:
    own = weight_file(on_disk.weights_dir(), "test_resnet")
    own = own.rename(own.with_name("test_resnet.mine.safetensors"))
    *_, done = carry_out(CarryOutRequest(backbone="test_resnet.mine", out=tmp_path / "out.safetensors"))
    assert isinstance(done, CarriedOut)
    own.unlink()
    assert arrived(Path(done.path)).backbone == "test_resnet.mine"
    assert names.find("test_resnet.mine").weights() == own


def test_the_label_is_plain_json(carried: Path) -> None:
    header = carried.read_bytes()[8 : 8 + int.from_bytes(carried.read_bytes()[:8], "little")]
    label = json.loads(json.loads(header)["__metadata__"][KEY])
    assert label["backbone"] == NAME
    assert label["content"] == hashed(carried) != hashlib.sha256(carried.read_bytes()).hexdigest()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among its files")
def test_a_pipe_is_no_place_for_a_carry_file_and_a_link_stays(tmp_path: Path) -> None:
    put_into_hub_cache(names.find(NAME).hub, "test_resnet")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FinetunerError, match="is a device or a pipe"):
        list(carry_out(CarryOutRequest(backbone=NAME, out=tmp_path / "pipe")))
    assert (tmp_path / "pipe").is_fifo()
    link = tmp_path / "link.safetensors"
    link.symlink_to("stick.safetensors")
    list(carry_out(CarryOutRequest(backbone=NAME, out=link)))
    assert link.is_symlink()
    assert read_label(tmp_path / "stick.safetensors") is not None


def test_a_file_that_is_not_there_is_not_called_another_kind(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match=r"There is no file .*gone\.safetensors"):
        arrived(tmp_path / "gone.safetensors")
