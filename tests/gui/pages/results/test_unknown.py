"""The line below the thresholds: how many known images pass, another share, a try with other images."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from finetuner.engine.evaluation.findings import keep_findings
from finetuner.engine.events import OthersMeasured
from finetuner.engine.run_store.unknown import Unknown, keep
from finetuner.gui.pages.results.unknown import UnknownLine

OTHERS = OthersMeasured(
    folder="holiday", images=40, unknown=36, unknown_interval=(0.77, 0.96), auroc=0.97, auroc_interval=(0.93, 0.99)
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    keep(tmp_path, "nearest neighbours", [number / 200 for number in range(200)], b"numbers")
    return tmp_path


@pytest.fixture
def line(qtbot, run: Path) -> UnknownLine:
    made = UnknownLine()
    qtbot.addWidget(made)
    made.show()
    made.show_run(run)
    return made


def test_it_tells_share_interval_and_number(line: UnknownLine) -> None:
    assert "Of 200 held-out images of its classes 95.5 % pass as known" in line.words.text()
    assert "n = 200" in line.words.text()
    assert "not tried" in line.words.text()
    assert line.share.value() == 95
    assert line.learn.isHidden()


def test_another_share_is_kept(line: UnknownLine, run: Path) -> None:
    line.share.setValue(99)
    line.share.editingFinished.emit()
    assert Unknown.load(run).known_share == 0.99
    assert "99.5 % pass as known" in line.words.text()


def test_what_became_of_others_is_told(line: UnknownLine, run: Path) -> None:
    keep_findings(run, others=OTHERS)
    line.show_run(run)
    assert "Of 40 images in holiday 90.0 % are unknown" in line.words.text()
    assert "AUROC 0.970" in line.words.text()


def test_a_folder_is_asked_for(qtbot, line: UnknownLine, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    with qtbot.waitSignal(line.wanted) as told:
        line.against.click()
    assert told.args == [tmp_path]


def test_an_older_run_can_learn_it(qtbot, line: UnknownLine, tmp_path: Path) -> None:
    (tmp_path / "older").mkdir()
    line.show_run(tmp_path / "older")
    assert not line.learn.isHidden()
    assert line.share.isHidden()
    with qtbot.waitSignal(line.wanted) as told:
        line.learn.click()
    assert told.args == [None]


def test_damage_is_told_with_a_way_out(qtbot, line: UnknownLine, run: Path) -> None:
    (run / "unknown.json").write_text("{")
    with qtbot.waitSignal(line.trouble) as told:
        line.show_run(run)
    assert "damaged" in told.args[0]
    assert "--anew" in told.args[1]
