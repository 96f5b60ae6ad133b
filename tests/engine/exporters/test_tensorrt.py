"""The TensorRT engine, with the package faked at its edge: no machine of these tests has such a GPU."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Exported
from finetuner.engine.exporters import machines
from finetuner.engine.exporters import tensorrt as exporter
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.availability import lack
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.tensorrt import TensorRt
from finetuner.engine.requests import ExportRequest
from tests.engine.exporters import fake_tensorrt
from tests.engine.tiny import CLASSES


@pytest.fixture(scope="module")
def graph(run) -> bytes:
    return exporter.graph(load_best(run).deployed)


@pytest.fixture
def gpu(monkeypatch, graph):
    """A GPU by name alone: tensors stay with the processor, and streams are numbers."""
    stream = SimpleNamespace(cuda_stream=7, wait_stream=lambda other: None, synchronize=lambda: None)
    monkeypatch.setitem(sys.modules, "tensorrt", fake_tensorrt.module())
    monkeypatch.setattr(machines, "nvidia_gpus", lambda: 1)
    monkeypatch.setattr(exporter, "graph", lambda deployed: graph)
    monkeypatch.setattr(exporter, "_device", lambda: "cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA Test")
    monkeypatch.setattr(torch.cuda, "Stream", lambda: stream)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda: stream)


@pytest.fixture
def exported(gpu, run, tmp_path) -> Exported:
    *_, event = export(ExportRequest(run=run, format="tensorrt", out=tmp_path / "model", author="Ada"))
    assert isinstance(event, Exported)
    return event


def refused(run, folder: Path) -> FinetunerError:
    """An export that fails and leaves nothing."""
    with pytest.raises(FinetunerError) as told:
        list(export(ExportRequest(run=run, format="tensorrt", out=folder / "model")))
    assert list(folder.iterdir()) == []
    return told.value


def test_the_folder_holds_the_engine_and_what_it_is_for(exported):
    folder = Path(exported.path)
    assert sorted(path.name for path in folder.iterdir()) == ["certificate.json", "metadata.json", "model.engine"]
    assert Certificate.model_validate_json((folder / "certificate.json").read_text()) == exported.certificate
    told = json.loads((folder / "metadata.json").read_text())
    assert json.loads(told["names"]) == list(CLASSES)
    assert (told["tensorrt_version"], told["gpu"], told["author"]) == ("11.4.0", "NVIDIA Test", "Ada")


@pytest.mark.parametrize("shape", [(64, 64), (7, 3), (333, 517)], ids=str)
def test_raw_pixels_of_any_size_get_the_apps_answer(exported, run, shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    app, file = app_model(load_best(run)), TensorRt().reopen(Path(exported.path))
    np.testing.assert_allclose(file(pixels)[0], app(pixels)[0], atol=1e-4)


@pytest.mark.usefixtures("gpu")
def test_what_cannot_be_read_is_named(run, tmp_path, monkeypatch):
    error = SimpleNamespace(node_operator=lambda: "GridSample", desc=lambda: "No importer registered.\nmore", code=None)
    monkeypatch.setattr(fake_tensorrt.OnnxParser, "parse", lambda self, model: False)
    monkeypatch.setattr(fake_tensorrt.OnnxParser, "get_error", lambda self, index: error, raising=False)
    told = refused(run, tmp_path)
    assert told.sentence == "TensorRT cannot read this network: GridSample: No importer registered."
    assert told.next_step == "Export onnx, or choose another backbone."


@pytest.mark.usefixtures("gpu")
def test_why_no_engine_was_built_is_told(run, tmp_path, monkeypatch):
    def failing(self, network, config):
        severity = fake_tensorrt.ILogger.Severity
        self.logger.log(severity.INFO, "building")
        self.logger.log(severity.ERROR, "Out of memory.\nat some line")
        self.logger.log(severity.WARNING, "slow")

    monkeypatch.setattr(fake_tensorrt.Builder, "build_serialized_network", failing)
    assert refused(run, tmp_path).sentence == "TensorRT built no engine: Out of memory."


@pytest.mark.usefixtures("gpu")
def test_an_engine_that_does_not_open_is_refused(run, tmp_path, monkeypatch):
    monkeypatch.setattr(fake_tensorrt.Runtime, "deserialize_cuda_engine", lambda self, content: None)
    assert refused(run, tmp_path).sentence == "TensorRT cannot open the engine it built."


@pytest.mark.parametrize(
    ("step", "reason"), [("set_input_shape", "refuses the size"), ("execute_async_v3", "did not start")]
)
@pytest.mark.usefixtures("gpu")
def test_an_engine_that_does_not_run_is_refused(run, tmp_path, monkeypatch, step, reason):
    monkeypatch.setattr(fake_tensorrt.Context, step, lambda self, *given: False)
    assert reason in refused(run, tmp_path).sentence


@pytest.mark.usefixtures("gpu")
def test_an_engine_that_answers_otherwise_is_refused(run, tmp_path, monkeypatch):
    really = fake_tensorrt.Context.execute_async_v3

    def wrong(self, stream):
        done = really(self, stream)
        fake_tensorrt.read(self._address["probabilities"], (1, 3), fake_tensorrt.ctypes.c_float)[...] = 1 / 3
        return done

    monkeypatch.setattr(fake_tensorrt.Context, "execute_async_v3", wrong)
    assert "does not answer as the app does" in refused(run, tmp_path).sentence


@pytest.mark.usefixtures("gpu")
def test_a_torch_for_processors_alone_is_told_before_anything_is_built(run, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert "This torch cannot use the NVIDIA GPU" in refused(run, tmp_path).sentence


@pytest.mark.usefixtures("gpu")
def test_on_such_a_machine_nothing_is_lacking():
    assert lack("tensorrt") is None
