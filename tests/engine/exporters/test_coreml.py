"""The Core ML package. Conversion is real where coremltools is; what runs on a Mac alone is faked at its edge."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Exported
from finetuner.engine.exporters import coreml, machines
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.coreml import CoreMl
from finetuner.engine.exporters.export import export
from finetuner.engine.requests import ExportRequest
from tests.engine.exporters import fake_coremltools
from tests.engine.tiny import CLASSES


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.setattr(machines, "mac", lambda: None)
    made = fake_coremltools.module()
    monkeypatch.setitem(sys.modules, "coremltools", made)
    return made


@pytest.fixture
def exported(fake, run, tmp_path) -> Exported:
    *_, event = export(ExportRequest(run=run, format="coreml", out=tmp_path / "model.mlpackage", author="Ada"))
    assert isinstance(event, Exported)
    return event


def metadata_of(package: Path) -> dict[str, str]:
    return dict(coreml._spec(package).description.metadata.userDefined)


def test_metadata_and_certificate_are_inside_the_package(exported):
    told = metadata_of(Path(exported.path))
    assert json.loads(told["names"]) == list(CLASSES)
    assert told["author"] == "Ada"
    assert Certificate.model_validate_json(told["certificate"]) == exported.certificate


def test_nothing_else_is_left(exported):
    assert [path.name for path in Path(exported.path).parent.iterdir()] == ["model.mlpackage"]


@pytest.mark.parametrize("shape", [(64, 64), (7, 3), (333, 517)], ids=str)
def test_an_image_of_any_size_gets_the_apps_answer(exported, run, shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    app, file = app_model(load_best(run)), CoreMl().reopen(Path(exported.path))
    np.testing.assert_allclose(file(pixels)[0], app(pixels)[0], atol=1e-4)


def refused(run, folder: Path) -> str:
    with pytest.raises(FinetunerError) as told:
        list(export(ExportRequest(run=run, format="coreml", out=folder / "model.mlpackage")))
    assert list(folder.iterdir()) == []
    return str(told.value)


def test_a_package_that_answers_otherwise_is_refused(fake, run, tmp_path, monkeypatch):
    really = fake.models.MLModel.predict

    def other_colours(self, data):
        return really(self, {"image": np.asarray(data["image"])[:, :, ::-1]})

    monkeypatch.setattr(fake.models.MLModel, "predict", other_colours)
    assert "does not answer as the app does" in refused(run, tmp_path)


def test_a_network_that_cannot_be_converted_is_a_sentence(fake, run, tmp_path, monkeypatch):
    def failing(*given, **named):
        raise NotImplementedError("Unsupported fx node sym_min\nat some line")

    monkeypatch.setattr(fake, "convert", failing)
    assert "coremltools cannot convert this network: Unsupported fx node sym_min" in refused(run, tmp_path)


@pytest.fixture(scope="module")
def converted(run, tmp_path_factory) -> Path:
    """By the real coremltools, which converts on any system."""
    pytest.importorskip("coremltools", reason="coremltools is not installed")
    target = tmp_path_factory.mktemp("converted") / "model.mlpackage"
    CoreMl().write(load_best(run), target, "Ada")
    return target


def test_the_real_package_takes_one_rgb_image_of_any_size(converted):
    (image,) = coreml._spec(converted).description.input
    sizes = image.type.imageType.imageSizeRange
    assert (image.name, image.type.WhichOneof("Type"), image.type.imageType.ColorSpace.Name(20)) == (
        "image",
        "imageType",
        "RGB",
    )
    assert image.type.imageType.colorSpace == 20
    assert (sizes.widthRange.lowerBound, sizes.widthRange.upperBound) == (1, 8192)
    assert (sizes.heightRange.lowerBound, sizes.heightRange.upperBound) == (1, 8192)


def test_the_real_package_gives_full_precision_and_names(converted):
    spec = coreml._spec(converted)
    kinds = {output.name: output.type.multiArrayType.dataType for output in spec.description.output}
    assert kinds == {"probabilities": 65568, "logits": 65568}, "FLOAT32"
    assert CoreMl().classes(converted) == CLASSES
    assert spec.description.metadata.author == "Ada"


def test_the_real_package_keeps_its_certificate(converted):
    found = Certificate(
        images=12,
        agreement=1.0,
        largest_difference=1e-6,
        tolerance=1e-3,
        passed=True,
        created="",
        versions={},
        format="coreml",
    )
    CoreMl().certify(converted, found)
    assert Certificate.model_validate_json(metadata_of(converted)["certificate"]) == found
