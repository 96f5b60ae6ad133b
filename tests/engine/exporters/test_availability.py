"""What a machine lacks for a format is told before anything is tried, and without importing it."""

import sys

import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.exporters import EXPORTERS, Entry
from finetuner.engine.exporters.availability import lack
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.exporter import exporter
from finetuner.engine.requests import ExportRequest


@pytest.fixture
def foreign(monkeypatch):
    """A format that needs one package which is there, and two that are not."""
    entry = Entry("finetuner.engine.exporters.onnx:Onnx", ("json", "no_such_package", "nor_this_one"))
    monkeypatch.setitem(EXPORTERS, "foreign", entry)
    return "foreign"


def test_what_is_missing_is_named_with_the_command_that_brings_it(foreign):
    assert str(lack(foreign)) == (
        "The package no_such_package is not installed. Install it: pip install no_such_package nor_this_one"
    )


def test_an_export_that_cannot_be_is_refused_before_anything_is_opened(foreign, tmp_path):
    with pytest.raises(FinetunerError, match="cannot be written here") as told:
        list(export(ExportRequest(run=tmp_path / "nowhere", format=foreign, out=tmp_path / "model")))
    assert told.value.next_step.startswith("Install it: pip install")
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_there_lacks_nothing_and_is_not_imported(monkeypatch, tmp_path):
    (tmp_path / "loud_package.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(EXPORTERS, "loud", Entry("finetuner.engine.exporters.onnx:Onnx", ("loud_package",)))
    assert lack("loud") is None
    assert "loud_package" not in sys.modules


def test_what_comes_with_the_app_lacks_nothing():
    own = [name for name, entry in EXPORTERS.items() if not entry.packages]
    assert "onnx" in own
    assert [lack(name) for name in own] == [None] * len(own)
    assert all(exporter(name) for name in own)
