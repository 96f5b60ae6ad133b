from pathlib import Path
from typing import Any

import pytest

from finetuner.engine.backbones.download import child
from tests.engine.backbones.download.conftest import CONTENT
from tests.engine.backbones.download.faults import Fault
from tests.engine.backbones.download.loopback import COMMIT, Loopback

HUB: dict[str, Any] = {"question": "hub", "repository": "timm/net", "revision": None}


def test_the_hub_states_what_a_repository_holds(here: Loopback) -> None:
    told = child.answer(HUB | {"names": ["other.bin", "model.safetensors"]})
    assert (told["commit"], told["file"], told["size"]) == (COMMIT, "model.safetensors", len(CONTENT))
    assert told["sha256"] == here.sha256
    assert told["url"] == f"{here.url}/timm/net/resolve/{COMMIT}/model.safetensors"


def test_a_revision_is_asked_for(here: Loopback) -> None:
    child.answer(HUB | {"revision": COMMIT, "names": ["model.safetensors"]})
    assert f"/revision/{COMMIT}" in here.seen[0][1]


def test_a_repository_without_weights_says_so(here: Loopback) -> None:
    assert child.answer(HUB | {"names": ["weights.bin"]})["trouble"] == "timm/net holds no weight file"


def test_a_login_page_is_no_hub(here: Loopback) -> None:
    here.faults.append(Fault("login-page", asking=True))
    assert "login page" in child.answer(HUB | {"names": ["model.safetensors"]})["trouble"]


def test_any_server_tells_a_size(here: Loopback) -> None:
    assert child.answer({"question": "address", "url": f"{here.url}/models/net.pth"}) == {"size": len(CONTENT)}


@pytest.mark.parametrize("on_hub", [True, False])
def test_the_users_token_goes_to_the_hub_only(
    here: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_hub: bool
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    part = tmp_path / "part"
    fetch = {"question": "fetch", "url": f"{here.url}/models/net.pth", "part": str(part), "size": len(CONTENT)}
    assert child.answer(fetch | {"on_hub": on_hub}) == {}
    assert part.read_bytes() == CONTENT
    assert here.tokens == ["Bearer hf_secret" if on_hub else None]


def test_the_rest_alone_is_fetched(here: Loopback, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(CONTENT[:1000])
    fetch = {"question": "fetch", "url": f"{here.url}/models/net.pth", "part": str(part), "size": len(CONTENT)}
    assert child.answer(fetch | {"on_hub": False}) == {}
    assert part.read_bytes() == CONTENT
    assert here.seen[0][2] == 1000


def test_a_status_is_told() -> None:
    assert child.answer({"question": "address", "url": "nonsense"})["status"] == 0
