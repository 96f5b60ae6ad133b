from pathlib import Path

import safetensors.numpy
from PySide6.QtWidgets import QFileDialog

from finetuner.engine.backbones.carry.label import KEY, Label
from finetuner.engine.events import (
    CarriedIn,
    CarriedOut,
    Downloaded,
    Failed,
    Progress,
    WeightsInspected,
)
from tests.gui.pages.backbone.rows import row

NAME = "mobilenetv2_100.ra_in1k"
ROWS = (row(NAME, "on disk"),)
HALF = Progress(
    activity=f"Downloading {NAME}", done=7_100_000, total=14_200_000, rate=1.8e6, seconds_left=4.0, unit="bytes"
)


def carry_file(folder: Path, **changed: str) -> Path:
    label = Label(
        backbone=NAME, architecture="mobilenetv2_100", licence="mit", origin="o", published="1" * 64, content="2" * 64
    )
    path = folder / "net.safetensors"
    safetensors.numpy.save_file({}, path, label.metadata() | changed)
    return path


def test_a_download_shows_rate_and_time_left_and_can_be_cancelled(page, launcher, idle, qtbot):
    launcher.answers["download"] = (HALF,)
    launcher.endless.add("download")
    page.transfers.download(NAME)
    qtbot.waitUntil(lambda: page.transfers.progress.figures_text != "")
    assert page.transfers.progress.figures_text == "7.1 of 14.2 MB  ·  1.8 MB/s  ·  4 s left"
    assert page.transfers.stop.isVisible()
    page.transfers.stop.click()
    idle()
    assert not page.transfers.isVisible()
    assert page.notice.text == "Stopped. What has come is kept: the next download goes on from there."


def test_one_at_a_time(page, launcher, idle, qtbot):
    launcher.endless.add("download")
    page.transfers.download(NAME)
    page.transfers.download("another")
    assert "Something else is on its way" in page.notice.text
    qtbot.waitUntil(lambda: bool(launcher.tasks))
    page.transfers.cancel()
    idle()
    assert [request.task for request in launcher.requests] == ["download"]


def test_what_arrived_is_used_and_listed(page, launcher, session, idle):
    launcher.answers["download"] = (HALF, Downloaded(backbone=NAME, path="/w/m.safetensors"))
    page.shelf.list(())
    page.transfers.download(NAME)
    idle()
    assert session.job.backbone.backbone == NAME
    assert [row.name for row in page.shelf.model.rows] == [NAME]
    assert "on this disk now" in page.notice.text


def test_a_failure_stays_in_sight(page, launcher, idle):
    launcher.answers["download"] = (HALF, Failed(sentence="The server answered 500.", next_step="Try again."))
    page.transfers.download(NAME)
    idle()
    assert page.notice.text == "The server answered 500. Try again."
    assert not page.transfers.isVisible()


def test_weights_on_disk_are_carried_out(page, launcher, idle, tmp_path, monkeypatch):
    out = tmp_path / "net.safetensors"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    launcher.answers["carry-out"] = (CarriedOut(backbone=NAME, path=str(out)),)
    assert page.shelf.choose(lambda row: row.name == NAME)
    assert page.detail.carry_out.isVisible()
    page.detail.carry_out.click()
    idle()
    assert (launcher.requests[-1].backbone, launcher.requests[-1].out) == (NAME, out)
    assert "Weight file…" in page.notice.text


def test_a_carry_file_is_kept_and_used(page, launcher, session, idle, tmp_path, monkeypatch):
    file = carry_file(tmp_path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    launcher.answers["carry-in"] = (CarriedIn(backbone=NAME, path="/w/n", licence="mit", sentence="All fit."),)
    page.file.click()
    idle()
    assert session.job.backbone.backbone == NAME
    assert "Their licence: mit." in page.notice.text


def test_a_damaged_carry_file_is_told(page, launcher, idle, tmp_path):
    page.open_file(carry_file(tmp_path, **{KEY: "{}"}))
    assert "damaged carry file" in page.notice.text
    assert [request.task for request in launcher.requests] == []


def test_any_other_weight_file_is_looked_into(page, launcher, idle, tmp_path):
    launcher.answers["inspect-weights"] = (
        WeightsInspected(path="/w/m.pth", backbone=NAME, loaded=3, total=3, sentence="3 of 3 tensors fit."),
    )
    page.open_file(tmp_path / "m.pth")
    idle()
    assert page.notice.text.startswith("3 of 3 tensors fit.")
