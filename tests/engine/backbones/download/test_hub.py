import hashlib
from pathlib import Path

import pytest

from finetuner.engine.backbones import names, on_disk, pins
from finetuner.engine.backbones.download.hub import Hub
from finetuner.engine.backbones.download.part import Part
from finetuner.engine.backbones.download.trouble import TroubleError

ENTRY = names.find("resnet18.a1_in1k")
CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
OLD, NEW = "a" * 40, "b" * 40


def stated(commit: str = NEW, sha256: str = DIGEST) -> dict[str, object]:
    return {"url": "http://hub/f", "commit": commit, "file": "model.safetensors", "size": 7, "sha256": sha256}


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pins.Pin:
    pin = pins.Pin(sha256=DIGEST, size=7)
    monkeypatch.setattr(pins, "shipped_manifest", lambda: tmp_path / "shipped.json")
    pins.write(tmp_path / "shipped.json", {f"{ENTRY.hub}@{OLD}/model.safetensors": pin})
    return pin


def test_the_newest_commit_is_asked_for() -> None:
    names_asked = ["model.safetensors", "pytorch_model.bin"]
    assert Hub(ENTRY).question() == {
        "question": "hub", "repository": "timm/resnet18.a1_in1k", "revision": None, "names": names_asked,
    }  # fmt: skip


def test_a_pinned_commit_is_asked_for_and_no_other_taken(shipped: pins.Pin) -> None:
    hub = Hub(ENTRY)
    assert hub.question()["revision"] == OLD
    assert hub.published(stated(OLD)).sha256 == DIGEST
    with pytest.raises(TroubleError, match=f"{OLD} is pinned, and the hub offers {NEW}"):
        hub.published(stated(NEW))


def test_a_pin_counts_more_than_the_hubs_word(shipped: pins.Pin) -> None:
    with pytest.raises(TroubleError, match=f"pinned as {DIGEST}, and the hub states {'c' * 64}"):
        Hub(ENTRY).published(stated(OLD, "c" * 64))


@pytest.mark.parametrize("links", [True, False])
def test_the_file_lies_in_the_clients_layout(links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no right to make links")

    if not links:
        monkeypatch.setattr(Path, "symlink_to", refuse)
    hub = Hub(ENTRY)
    published = hub.published(stated())
    part = Part(published)
    part.path.write_bytes(CONTENT)
    path = hub.place(part, published)
    assert path == on_disk.hub_file(ENTRY.hub)
    assert (path.read_bytes(), path.is_symlink()) == (CONTENT, links)


def test_the_hubs_own_client_finds_it() -> None:
    from huggingface_hub import try_to_load_from_cache

    hub = Hub(ENTRY)
    published = hub.published(stated())
    part = Part(published)
    part.path.write_bytes(CONTENT)
    path = hub.place(part, published)
    found = try_to_load_from_cache(ENTRY.hub, "model.safetensors", cache_dir=on_disk.hub_cache())
    assert found == str(path)
