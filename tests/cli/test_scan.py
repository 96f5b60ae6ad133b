import json
import os
import sys
from pathlib import Path

import pytest

from finetuner.cli.app import main
from tests.hostile import build_hostile, photo


def make(folder: Path, names: str) -> Path:
    for name in names.split():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        photo(name).save(folder / name)
    return folder


def test_json_keeps_the_contract_on_a_hostile_folder(tmp_path: Path, capfd: pytest.CaptureFixture):
    hostile = build_hostile(tmp_path / "data")
    assert main(["scan", str(hostile.folder), "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["used"] + found["excluded"] == found["seen"] == hostile.seen
    assert sum(found["classes"].values()) == found["used"] == len(hostile.usable)
    told = {os.path.relpath(problem["path"], hostile.folder): problem["reason"] for problem in found["problems"]}
    assert told.keys() == hostile.refused.keys()


def test_plain_output_tells_classes_splits_and_problems(tmp_path: Path, capfd: pytest.CaptureFixture):
    make(tmp_path, "ants/1.png ants/2.png bees/1.png bees/2.png")
    (tmp_path / "bees" / os.fsdecode(b"\xff.jpg")).write_bytes(b"")
    assert main(["scan", str(tmp_path)]) == 0
    told = capfd.readouterr().out
    assert "ants" in told
    assert "4 used (2 train, 2 val) + 1 set aside = 5 seen" in told
    assert r"bees/\xff.jpg: not an image: it is empty" in told


def test_a_class_name_with_markup_is_printed_as_it_is(tmp_path: Path, capfd: pytest.CaptureFixture):
    make(tmp_path, "[red]/1.png plain/2.png")
    assert main(["scan", str(tmp_path)]) == 0
    assert "[red]" in capfd.readouterr().out


def test_another_validation_folder_is_counted(tmp_path: Path, capfd: pytest.CaptureFixture):
    make(tmp_path, "data/a/1.png data/b/2.png held/a/3.png held/b/4.png")
    assert main(["scan", str(tmp_path / "data"), "--val", str(tmp_path / "held"), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["splits"] == {"train": 2, "val": 2}


def test_a_folder_without_classes_fails_with_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture):
    assert main(["scan", str(tmp_path / "missing")]) == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert "cannot be opened" in told.err
    assert "Traceback" not in told.err


def test_no_folder_is_wrong_usage(capfd: pytest.CaptureFixture):
    assert main(["scan"]) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_class_names_of_any_bytes_survive(tmp_path: Path, capfd: pytest.CaptureFixture):
    name = os.fsdecode(b"caf\xe9")
    make(tmp_path, f"{name}/1.png plain/2.png")
    assert main(["scan", str(tmp_path), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["classes"] == {"caf\udce9": 1, "plain": 1}
    assert main(["scan", str(tmp_path)]) == 0
    assert r"caf\xe9" in capfd.readouterr().out
