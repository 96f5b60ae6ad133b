from pathlib import Path

import pytest

from finetuner.engine.backbones import pins
from finetuner.engine.errors import FinetunerError

FILE = f"timm/net@{'a' * 40}/model.safetensors"
PIN, OTHER = pins.Pin(sha256="1" * 64, size=7), pins.Pin(sha256="2" * 64, size=8)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "shipped.json"
    monkeypatch.setattr(pins, "shipped_manifest", lambda: path)
    return path


def test_the_shipped_manifest_can_be_read() -> None:
    assert pins.shipped_manifest().is_file()
    pins.read(pins.shipped_manifest())


def test_what_was_downloaded_stays_pinned(shipped: Path) -> None:
    assert pins.pinned(FILE) is None
    pins.keep(FILE, PIN)
    pins.keep("other.pth", OTHER)
    assert (pins.pinned(FILE), pins.pinned("other.pth")) == (PIN, OTHER)


def test_the_shipped_pin_comes_first(shipped: Path) -> None:
    pins.keep(FILE, OTHER)
    pins.write(shipped, {FILE: PIN})
    assert pins.pinned(FILE) == PIN


def test_the_commit_of_a_repository(shipped: Path) -> None:
    pins.write(shipped, {FILE: PIN})
    assert pins.shipped_commit("timm/net") == "a" * 40
    assert pins.shipped_commit("timm/ne") == ""


@pytest.mark.parametrize("text", ["{", "[]", '{"net.pth": {"sha256": "short", "size": 1}}'])
def test_a_damaged_manifest_is_no_empty_one(shipped: Path, text: str) -> None:
    pins.own_manifest().parent.mkdir(parents=True, exist_ok=True)
    pins.own_manifest().write_text(text)
    with pytest.raises(FinetunerError, match=r"hashes\.json is damaged"):
        pins.pinned(FILE)
