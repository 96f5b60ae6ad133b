import hashlib
from pathlib import Path

import pytest

from finetuner.engine import paths
from finetuner.engine.backbones import integrity, names, on_disk, pins, weights
from finetuner.engine.errors import FinetunerError
from tests.engine.backbones.tiny import COMMIT, weight_file

CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
FILE = "resnet18-f37072fd.pth"


@pytest.fixture
def in_hub() -> Path:
    """A file in the hub's cache, as its client puts it."""
    folder = on_disk.hub_cache() / "models--timm--net"
    link = folder / "snapshots" / COMMIT / "model.safetensors"
    link.parent.mkdir(parents=True)
    (folder / "blobs").mkdir()
    (folder / "blobs" / DIGEST).write_bytes(CONTENT)
    link.symlink_to(Path("..") / ".." / "blobs" / DIGEST)
    return link


@pytest.fixture
def in_torch() -> Path:
    path = on_disk.torch_cache() / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    return path


def test_a_blobs_name_is_its_promise(in_hub: Path) -> None:
    assert integrity.promised(in_hub) == DIGEST
    integrity.refuse_altered(in_hub)


def test_an_altered_blob_is_refused_with_both_hashes_and_set_aside(in_hub: Path) -> None:
    blob = in_hub.resolve()
    blob.write_bytes(b"poison!")
    found = hashlib.sha256(b"poison!").hexdigest()
    with pytest.raises(FinetunerError, match=f"should be {DIGEST}, and is {found}") as caught:
        integrity.refuse_altered(in_hub)
    assert caught.value.next_step == "Download it again."
    assert not in_hub.is_file()
    assert blob.with_name(f"{DIGEST}.altered").read_bytes() == b"poison!"


def test_a_pin_counts_more_than_a_name(in_hub: Path) -> None:
    pins.keep(f"timm/net@{COMMIT}/model.safetensors", pins.Pin(sha256="1" * 64, size=7))
    assert integrity.promised(in_hub) == "1" * 64
    assert integrity.is_altered(in_hub)


def test_a_name_of_torchvisions_promises_its_first_digits(in_torch: Path) -> None:
    assert integrity.promised(in_torch) == "f37072fd"
    with pytest.raises(FinetunerError, match=f"should be f37072fd, and is {DIGEST}"):
        integrity.refuse_altered(in_torch)
    assert names.find("torchvision/resnet18").weights() is None


def test_after_a_download_the_whole_hash_counts(in_torch: Path) -> None:
    pins.keep(FILE, pins.Pin(sha256=DIGEST, size=7))
    integrity.refuse_altered(in_torch)


def test_what_is_in_the_box_is_what_was_put_there() -> None:
    starter = names.find("starter").weights()
    assert starter is not None
    assert len(integrity.promised(starter)) == 64
    integrity.refuse_altered(starter)


def test_an_altered_file_in_the_box_is_refused_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "backbones" / "starter" / "model.safetensors"
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    pins.write(pins.shipped_manifest(), {"bundled/starter/model.safetensors": pins.Pin(sha256="1" * 64, size=7)})
    with pytest.raises(FinetunerError, match="not the file that was published") as caught:
        integrity.refuse_altered(file)
    assert caught.value.next_step == "Install Finetuner again."
    assert file.is_file()


def test_the_users_own_files_promise_nothing(tmp_path: Path, in_torch: Path) -> None:
    own = [tmp_path / "net-20250101.pth", in_torch.with_name("mine-20250101.pth")]
    for path in own:
        path.write_bytes(CONTENT)
        assert integrity.promised(path) == ""
        integrity.refuse_altered(path)


def test_every_load_asks(in_torch: Path) -> None:
    with pytest.raises(FinetunerError, match="not the file that was published"):
        weights.read_state_dict(in_torch)


def test_what_is_as_published_is_loaded(tmp_path: Path) -> None:
    assert weights.read_state_dict(weight_file(tmp_path, "test_resnet"))


@pytest.mark.parametrize(
    ("name", "digits"), [("resnet18-f37072fd.pth", "f37072fd"), ("mnasnet0.5_top1_67.823-3ffadce67e.pth", "3ffadce67e")]
)
def test_the_digits_of_a_name(name: str, digits: str) -> None:
    assert integrity.name_promise(name) == digits
