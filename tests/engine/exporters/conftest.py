import copy
from collections.abc import Iterator
from pathlib import Path

import pytest

from finetuner.engine.exporters import onnx as onnx_file
from tests.engine.tiny import tiny_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("exported"))


_traced = {}


@pytest.fixture(scope="module", autouse=True)
def traced_once() -> Iterator[None]:
    """Tracing takes seconds and all tiny networks here are equal: trace once for each way to cut and resize.

    The patch ends with the module: a test in another room that exports a real run must trace that run.
    """
    really, known = onnx_file.traced, _traced

    def traced(deployed):
        kind = deployed.preprocess.interpolation, deployed.preprocess.crop_permille, deployed.unknown is None
        if kind not in known:
            known[kind] = really(deployed)
        return copy.deepcopy(known[kind])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(onnx_file, "traced", traced)
        yield
