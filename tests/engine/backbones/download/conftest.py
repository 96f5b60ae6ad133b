"""A hub on this machine for every test here, and the choice between a child that asks it and this process."""

import json
import types
from collections.abc import Iterator, Mapping
from typing import Any

import huggingface_hub.file_download
import huggingface_hub.utils._http
import pytest
import tqdm
from huggingface_hub import constants

from finetuner.engine.backbones.download import child, order
from tests.engine.backbones.download.loopback import Loopback, serving

CONTENT = bytes(range(256)) * 1200
STILL = types.SimpleNamespace(sleep=lambda seconds: None, time=lambda: 0.0)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """The hub and torchvision's place, for this process and for children."""
    with serving(CONTENT) as serving_here:
        monkeypatch.setenv("HF_ENDPOINT", serving_here.url)
        monkeypatch.setenv("FINETUNER_TORCHVISION_URL", f"{serving_here.url}/models")
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        yield serving_here


class Here:
    """An order answered in this process, at once: cheap enough for many. It cannot be ended."""

    def __init__(self, question: Mapping[str, Any]) -> None:
        self._question = question

    def answer(self, seconds: float) -> order.Answer:
        told: order.Answer = json.loads(json.dumps(child.answer(dict(self._question))))
        return told

    def close(self) -> None:
        """Nothing runs."""


@pytest.fixture
def here(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Loopback:
    """The server, asked from this process, by a client that neither sleeps between its tries nor waits for long."""
    monkeypatch.setattr(order, "Order", Here)
    monkeypatch.setattr(child, "_PIECE", 1 << 14)
    for module in (huggingface_hub.file_download, huggingface_hub.utils._http):
        monkeypatch.setattr(module, "time", STILL)
    monkeypatch.setattr(constants, "ENDPOINT", server.url)
    template = server.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(tqdm.tqdm, "monitor_interval", 0)  # or it starts a thread that stays
    for name, value in {"HF_HUB_OFFLINE": False, "HF_HUB_DISABLE_TELEMETRY": True}.items():
        monkeypatch.setattr(constants, name, value)
    for name in ("HF_HUB_DOWNLOAD_TIMEOUT", "HF_HUB_ETAG_TIMEOUT"):
        monkeypatch.setattr(constants, name, 0.05)
    return server
