from pathlib import Path

import pytest

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.exporters.onnx import Onnx
from tests.engine.tiny import tiny_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("predicted"))


@pytest.fixture(scope="session")
def onnx_file(run: Path) -> Path:
    target = run.parent / "model.onnx"
    Onnx().write(load_best(run), target, "")
    return target
