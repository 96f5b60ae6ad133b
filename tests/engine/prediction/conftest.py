from collections.abc import Iterator
from pathlib import Path

import pytest

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.exporters.onnx import Onnx
from tests.engine.tiny import tiny_run
from tests.engine.traced import traced_once


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("predicted"))


@pytest.fixture(scope="session")
def onnx_file(run: Path) -> Path:
    target = run.parent / "model.onnx"
    with traced_once():
        Onnx().write(load_best(run), target, "")
    return target


@pytest.fixture(scope="module", autouse=True)
def _traced_once() -> Iterator[None]:
    with traced_once():
        yield
