import copy
import json
import zipfile

import numpy as np
import pytest
import torch

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Exported
from finetuner.engine.exporters import pt2
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.pt2 import Pt2
from finetuner.engine.exporters.pt2 import traced as really_traced
from finetuner.engine.requests import ExportRequest
from tests.engine.tiny import CLASSES, tiny_run

AWKWARD = [(1, 64, 64), (3, 48, 97), (1, 7, 3), (2, 1, 1), (1, 2, 400), (1, 333, 517)]


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory) -> Exported:
    *_, event = export(ExportRequest(run=run, format="pt2", out=tmp_path_factory.mktemp("out") / "m.pt2", author="Ada"))
    assert isinstance(event, Exported)
    return event


@pytest.mark.parametrize("crop", [0.95, 1.0])
def test_torch_alone_answers_raw_pixels_of_any_size_as_the_app_does(tmp_path, crop):
    trained = cut_at(tmp_path, crop)
    Pt2().write(trained, tmp_path / "m.pt2", "")
    model = torch.export.load(tmp_path / "m.pt2").module()
    for shape in AWKWARD:
        pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8))
        with torch.inference_mode():
            ours, theirs = trained.deployed(pixels), model(pixels)
        torch.testing.assert_close(theirs[0], ours[0], atol=1e-5, rtol=0)
        torch.testing.assert_close(theirs[1], ours[1], atol=1e-3, rtol=0)


def cut_at(folder, crop):
    run = tiny_run(folder)
    told = json.loads((run / "best" / "config.json").read_text())
    told["finetuner"]["preprocessing"]["crop_pct"] = crop
    (run / "best" / "config.json").write_text(json.dumps(told))
    return load_best(run)


def test_metadata_and_certificate_are_read_as_torch_reads_them(exported):
    extra = {"metadata.json": "", "certificate.json": ""}
    torch.export.load(exported.path, extra_files=extra)
    told = json.loads(extra["metadata.json"])
    assert json.loads(told["names"]) == list(CLASSES)
    assert told["author"] == "Ada"
    assert Certificate.model_validate_json(extra["certificate.json"]) == exported.certificate


def test_the_certified_file_answers_still(run, exported):
    pixels = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    app, file = app_model(load_best(run)), Pt2().reopen(exported.path)
    np.testing.assert_allclose(file(pixels)[0], app(pixels)[0], atol=1e-5)


def test_nothing_of_this_machine_travels_with_it(exported):
    with zipfile.ZipFile(exported.path) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b".py" not in content
    assert b"site-packages" not in content
    assert b"Deployed" not in content


def faulty(deployed):
    """Traced with another mean than the app's."""
    other = copy.deepcopy(deployed)
    other.preprocess.mean.mul_(0.9)
    return really_traced(other)


def test_a_program_that_answers_otherwise_is_refused(run, tmp_path, monkeypatch):
    monkeypatch.setattr(pt2, "traced", faulty)
    with pytest.raises(FinetunerError, match="does not answer as the app does"):
        list(export(ExportRequest(run=run, format="pt2", out=tmp_path / "m.pt2")))
    assert list(tmp_path.iterdir()) == []


def test_labels_in_another_order_are_refused_by_name(run, tmp_path, monkeypatch):
    monkeypatch.setattr(pt2, "metadata", lambda trained, author: {"names": '["bee", "ant", "cow"]'})
    with pytest.raises(FinetunerError, match="number 0 is called bee there and ant in the app"):
        list(export(ExportRequest(run=run, format="pt2", out=tmp_path / "m.pt2")))
