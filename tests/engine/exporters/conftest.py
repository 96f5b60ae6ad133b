from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.tiny import tiny_run
from tests.engine.traced import traced_once


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module", autouse=True)
def _traced_once() -> Iterator[None]:
    with traced_once():
        yield
