import sys
from collections.abc import Iterator
from pathlib import Path

import make_hashes
import pytest

from finetuner.engine.backbones import names, pins
from finetuner.engine.backbones.shelf import Entry
from tests.engine.backbones.download.client import Here, hurried
from tests.engine.backbones.download.faults import Fault
from tests.engine.backbones.download.loopback import COMMIT, Loopback, serving

ENTRY = names.find("resnet18.a1_in1k")
FILE_ID = f"{ENTRY.hub}@{COMMIT}/model.safetensors"


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setattr(pins, "shipped_manifest", lambda: tmp_path / "hashes.json")
    with serving(b"weights" * 1000) as serving_here, hurried(serving_here, Here):
        monkeypatch.setenv("FINETUNER_TORCHVISION_URL", f"{serving_here.url}/models")
        yield serving_here


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["make_hashes.py", *arguments])
    return make_hashes.main()


def test_what_the_hub_states_is_pinned(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "--search", "resnet18.a1_in1k") == 0
    assert make_hashes.manifest() == {FILE_ID: pins.Pin(sha256=server.sha256, size=7000)}
    assert pins.shipped_commit(ENTRY.hub) == COMMIT


def test_what_is_pinned_stays_unless_it_is_renewed(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    old = {f"{ENTRY.hub}@{'a' * 40}/model.safetensors": pins.Pin(sha256="1" * 64, size=1)}
    pins.write(pins.shipped_manifest(), old)
    assert run(monkeypatch, "--search", "resnet18.a1_in1k") == 0
    assert make_hashes.manifest() == old
    assert run(monkeypatch, "--search", "resnet18.a1_in1k", "--renew") == 0
    assert list(make_hashes.manifest()) == [FILE_ID]


def test_a_file_of_torchvision_is_hashed_itself(server: Loopback) -> None:
    entry = vision(f"net-{server.sha256[:8]}.pth")
    assert make_hashes.pin([entry]) == 0
    assert make_hashes.manifest() == {entry.file: pins.Pin(sha256=server.sha256, size=7000)}


def test_a_file_that_breaks_its_promise_is_not_pinned(server: Loopback, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_hashes.pin([vision("net-00000000.pth")]) == 1
    assert "not what its name promises" in capsys.readouterr().err
    assert make_hashes.manifest() == {}


def test_one_that_cannot_be_had_does_not_stop_the_others(
    server: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.faults.append(Fault("404", asking=True))
    assert run(monkeypatch, "--search", "timm resnet18.") == 1
    assert "1 could not be" in capsys.readouterr().out
    assert len(make_hashes.manifest()) > 3


def vision(file: str) -> Entry:
    return Entry("torchvision/net", "torchvision", "torchvision/net", "net", 1, 224, file=file)
