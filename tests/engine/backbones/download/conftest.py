"""A hub on this machine for every test here, asked by a child as users do, or from this process."""

from collections.abc import Iterator

import pytest

from tests.engine.backbones.download.client import Here, hurried
from tests.engine.backbones.download.loopback import Loopback, serving

CONTENT = bytes(range(256)) * 1200


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """The hub and torchvision's place."""
    with serving(CONTENT) as serving_here:
        monkeypatch.setenv("HF_ENDPOINT", serving_here.url)
        monkeypatch.setenv("FINETUNER_TORCHVISION_URL", f"{serving_here.url}/models")
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        yield serving_here


@pytest.fixture
def here(server: Loopback) -> Iterator[Loopback]:
    """The server, asked from this process."""
    with hurried(server, Here):
        yield server
