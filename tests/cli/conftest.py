"""Pictures and a finished run, shared by the verbs that only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.tiny_job import draw_pictures
from tests.engine.traced import traced_once


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes of twelve small pictures. Read-only."""
    return draw_pictures(tmp_path_factory.mktemp("data") / "photos")


@pytest.fixture(scope="module", autouse=True)
def _traced_once() -> Iterator[None]:
    with traced_once():
        yield
