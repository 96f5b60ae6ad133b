import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Exported, Notice
from finetuner.engine.exporters import EXPORTERS
from finetuner.engine.exporters import onnx as onnx_file
from finetuner.engine.exporters.availability import lack
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.exporter import exporter
from finetuner.engine.requests import ExportRequest
from tests.engine.tiny import tiny_run


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_format_writes_verifies_and_leaves_nothing_else_or_says_what_it_lacks(name, run, tmp_path):
    out = tmp_path / "out" / "model"
    if missing := lack(name):
        with pytest.raises(FinetunerError) as told:
            list(export(ExportRequest(run=run, format=name, out=out)))
        assert missing.sentence in told.value.sentence
        assert told.value.next_step == missing.next_step
        assert not out.parent.exists()
        return
    *_, event = export(ExportRequest(run=run, format=name, out=out))
    assert isinstance(event, Exported)
    assert event.certificate.passed
    assert event.certificate.format == name
    assert event.certificate.agreement >= 1 - 1 / event.certificate.images
    assert out.exists()
    assert [path.name for path in out.parent.iterdir()] == ["model"]


def test_a_wrong_name_answers_with_the_right_one():
    with pytest.raises(FinetunerError, match=r"Did you mean onnx\?"):
        exporter("onxn")


def test_a_run_without_figures_gets_no_card_and_is_told_so(run, tmp_path):
    events = list(export(ExportRequest(run=run, format="safetensors", out=tmp_path / "model")))
    assert events[-1].card == ""
    assert any("No model card" in event.sentence for event in events if isinstance(event, Notice))
    assert list(tmp_path.glob("*.md")) == []


class Liar(onnx_file.Onnx):
    """Answers upside down."""

    def reopen(self, target):
        model = super().reopen(target)
        return lambda pixels: tuple(np.ascontiguousarray(side[::-1]) for side in model(pixels))


def test_a_file_that_answers_otherwise_is_not_published(run, tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_file, "Onnx", Liar)
    out = tmp_path / "model.onnx"
    out.write_bytes(b"the old one")
    with pytest.raises(FinetunerError, match="does not answer as the app does"):
        list(export(ExportRequest(run=run, out=out)))
    assert out.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]


class Particular(onnx_file.Onnx):
    remark = "Only in daylight."


def test_what_a_format_must_remark_is_in_its_certificate(run, tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_file, "Onnx", Particular)
    *_, event = export(ExportRequest(run=run, out=tmp_path / "model.onnx"))
    assert event.certificate.note.endswith("Only in daylight.")


def test_a_cancelled_export_leaves_nothing(run, tmp_path):
    events = export(ExportRequest(run=run, out=tmp_path / "model.onnx"))
    assert any(event.activity.startswith("Comparing") for event in events)
    events.close()
    assert list(tmp_path.iterdir()) == []


def test_missing_images_are_a_warning_and_in_the_certificate(tmp_path):
    run = tiny_run(tmp_path)
    (run / "split.json").write_text(json.dumps({"classes": [], "images": []}))
    events = list(export(ExportRequest(run=run, out=tmp_path / "model.onnx")))
    assert any(isinstance(event, Notice) and event.level == "warning" for event in events)
    assert "drawn at random" in events[-1].certificate.note


def test_a_folder_in_the_way_is_a_sentence(run, tmp_path):
    with pytest.raises(FinetunerError, match="is a folder"):
        list(export(ExportRequest(run=run, out=tmp_path)))


def test_files_of_others_are_not_overwritten(run, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(FinetunerError, match="is there already"):
        list(export(ExportRequest(run=run, format="safetensors", out=tmp_path)))


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among its files")
def test_a_pipe_in_the_way_is_a_sentence_and_stays(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("onnx", "safetensors"):
        with pytest.raises(FinetunerError, match="is a device or a pipe"):
            list(export(ExportRequest(run=run, format=name, out=tmp_path / "pipe")))
    assert (tmp_path / "pipe").is_fifo()


def test_a_link_leads_to_the_file_or_folder_that_is_replaced(run, tmp_path):
    (tmp_path / "store" / "folder").mkdir(parents=True)
    (tmp_path / "store" / "file").write_bytes(b"the old one")
    for name, format in (("file", "onnx"), ("folder", "safetensors")):
        (tmp_path / name).symlink_to(Path("store") / name)
        *_, event = export(ExportRequest(run=run, format=format, out=tmp_path / name))
        assert event.path == str(tmp_path / name)
        assert (tmp_path / name).is_symlink()
    assert (tmp_path / "file").stat().st_size > len(b"the old one")
    assert any((tmp_path / "folder").iterdir())
    assert sorted(path.name for path in (tmp_path / "store").iterdir()) == ["file", "folder"]


def test_a_full_disk_is_a_sentence_and_leaves_nothing(run, tmp_path, monkeypatch):
    def full(path, content):
        path.write_bytes(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(onnx_file, "write_and_sync", full)
    with pytest.raises(FinetunerError, match="No space left on device"):
        list(export(ExportRequest(run=run, out=tmp_path / "model.onnx")))
    assert list(tmp_path.iterdir()) == []


def test_no_run_is_a_sentence(tmp_path):
    with pytest.raises(FinetunerError):
        list(export(ExportRequest(run=tmp_path / "nowhere", out=tmp_path / "model.onnx")))
