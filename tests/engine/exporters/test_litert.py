"""The .tflite file, where its packages are there; what needs none of them is tested everywhere."""

import json
import sys
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.unknown import Strangeness
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Exported
from finetuner.engine.exporters import EXPORTERS, litert
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.availability import lack
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.litert import LiteRt, resized
from finetuner.engine.requests import ExportRequest
from tests.engine.tiny import CLASSES, tiny_run


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory) -> Exported:
    if missing := lack("litert"):
        pytest.skip(missing.sentence)
    out = tmp_path_factory.mktemp("out") / "model.tflite"
    *_, event = export(ExportRequest(run=run, format="litert", out=out, author="Ada"))
    assert isinstance(event, Exported)
    return event


@pytest.fixture
def pretended(monkeypatch):
    """A converter of which a test says what it does."""

    def pretend(convert):
        package = types.ModuleType("litert_torch")
        package.convert = convert
        monkeypatch.setitem(sys.modules, "litert_torch", package)

    return pretend


def test_without_its_packages_it_is_missed(monkeypatch):
    for package in EXPORTERS["litert"].packages:
        monkeypatch.setitem(sys.modules, package, None)
    assert str(lack("litert")) == (
        "The package litert_torch is not installed. Install it: pip install litert_torch ai_edge_litert"
    )


def test_a_network_that_the_converter_cannot_take_is_a_sentence(pretended, run, tmp_path):
    def refuse(*_, **__):
        raise RuntimeError("Lowering not found: sort\nmore of it")

    pretended(refuse)
    with pytest.raises(FinetunerError, match=r"cannot take this network: Lowering not found: sort Choose"):
        LiteRt().write(load_best(run), tmp_path / "m.tflite", "")
    assert list(tmp_path.iterdir()) == []


def test_what_a_program_must_know_lies_behind_the_model(pretended, run, tmp_path):
    pretended(lambda *_, **__: types.SimpleNamespace(model_content=lambda: b"the model"))
    target = tmp_path / "m.tflite"
    LiteRt().write(load_best(run), target, "Ada")
    assert target.read_bytes().startswith(b"the model")
    with zipfile.ZipFile(target) as archive:
        told, labels = json.loads(archive.read("metadata.json")), archive.read("labels.txt").decode()
    assert labels.splitlines() == list(CLASSES)
    assert LiteRt().classes(target) == CLASSES
    assert told["author"] == "Ada"
    assert told["input"].startswith("float32 1 x 64 x 64 x 3, RGB, 0..255, not normalised: the centre square of ")


@pytest.mark.parametrize("shape", [(64, 64), (7, 3), (1, 1), (333, 517)], ids=str)
def test_the_reader_resizes_as_the_app_does_and_rounds_nothing(run, shape):
    rule = load_best(run).deployed.preprocess
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    planes = torch.from_numpy(resized(rule, pixels)).permute(0, 3, 1, 2)
    torch.testing.assert_close(rule.normalise(planes), rule(torch.from_numpy(pixels)[None]))


@pytest.mark.parametrize("known", [1, 4, 5, 40])
def test_the_unknown_score_without_a_sort_is_the_same(known):
    torch.manual_seed(0)
    numbers = torch.rand(known, 8).repeat(2, 1), torch.rand(2), torch.rand(2) + 1
    features, logits = torch.rand(6, 8), torch.randn(6, 3)
    expected = Strangeness(*numbers)(features, logits)
    torch.testing.assert_close(litert._Sortless(*numbers)(features, logits), expected)


def test_inputs_and_outputs_are_as_promised(exported):
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(model_path=exported.path).get_signature_runner()
    (image,) = run.get_input_details().values()
    assert (image["shape"].tolist(), image["dtype"]) == ([1, 64, 64, 3], np.float32)
    assert list(run.get_input_details()) == ["image"]
    assert set(run.get_output_details()) == {"probabilities", "logits"}


@pytest.mark.parametrize("shape", [(64, 64), (7, 3), (1, 1), (333, 517)], ids=str)
def test_the_certified_file_gives_the_apps_answer(run, exported, shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    app, file = app_model(load_best(run)), LiteRt().reopen(Path(exported.path))
    np.testing.assert_allclose(file(pixels)[0], app(pixels)[0], atol=1e-5)


def test_the_certificate_is_in_the_file_and_says_who_resized(exported):
    with zipfile.ZipFile(exported.path) as archive:
        assert Certificate.model_validate_json(archive.read("certificate.json")) == exported.certificate
    assert LiteRt.remark in exported.certificate.note


def test_nothing_of_this_machine_travels_with_it(exported):
    assert b".py" not in Path(exported.path).read_bytes()


@pytest.mark.usefixtures("exported")
def test_a_file_that_answers_otherwise_is_refused(tmp_path, monkeypatch):
    run = tiny_run(tmp_path)

    def faulty(_trained):
        other = load_best(run).deployed
        other.preprocess.mean.mul_(0.9)
        return other

    monkeypatch.setattr(litert, "_sortless", faulty)
    with pytest.raises(FinetunerError, match="does not answer as the app does"):
        list(export(ExportRequest(run=run, format="litert", out=tmp_path / "out" / "m.tflite")))
    assert list((tmp_path / "out").iterdir()) == []
