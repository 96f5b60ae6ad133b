"""suspects and refit: wrong labels found and put right without a window."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from finetuner.cli.app import main
from tests.engine.tiny_job import draw_pictures

TRAINING = "--backbone test_resnet --no-pretrained --image-size 32 --device cpu --precision fp32 --threads 1 --epochs 2"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on sixty pictures, one of them in the wrong folder."""
    folder = tmp_path_factory.mktemp("labels")
    data = draw_pictures(folder / "data", of_each=20)
    shutil.move(data / "blue" / "0.png", data / "red" / "blue.png")
    words = ["train", str(data), "--out", str(folder / "run"), "--strategy", "lp-ft", *TRAINING.split()]
    assert main(words) == 0
    return folder / "run"


def test_suspects_names_the_wrong_label_first(run: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["suspects", str(run), "--top", "3", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["images"], len(told["suspects"])) == (60, 3)
    assert "blue.png" in told["suspects"][0]["path"]
    assert (told["suspects"][0]["label"], told["suspects"][0]["suggested"]) == ("red", "blue")


def test_suspects_speaks_to_people(run: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["suspects", str(run)]) == 0
    assert "labels are likely wrong." in capfd.readouterr().out


def test_a_table_put_right_goes_back_into_a_refit(run: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["suspects", str(run), "--csv"]) == 0
    rows = list(csv.DictReader(capfd.readouterr().out.splitlines()))
    wrong = next(row for row in rows if "blue.png" in row["path"])
    (tmp_path / "right.csv").write_text(f"path,label\n{wrong['path']},{wrong['suggested']}\n")
    assert main(["refit", str(run), str(tmp_path / "right.csv"), "--json"]) == 0
    summary = json.loads(capfd.readouterr().out)
    assert Path(summary["run"]) == run.with_name("run-corrected-1")
    split = json.loads((run.with_name("run-corrected-1") / "split.json").read_text())
    assert {image["label"] for image in split["images"] if "blue.png" in image["path"]} == {"blue"}


def test_a_table_that_is_none_is_one_sentence(run: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "right.csv").write_text("nothing\n")
    assert main(["refit", str(run), str(tmp_path / "right.csv"), "--out", str(tmp_path / "new")]) == 1
    assert "has no column" in capfd.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_mistyped_name_is_one_sentence_and_the_next_step(
    run: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "mistyped.json")
    data, out = str(run.parent / "data"), ["--out", str(tmp_path / "new")]
    for words in (["refit", str(run), missing, *out], ["train", data, "--corrections", missing, *out]):
        assert main(words) == 1
        told = capfd.readouterr().err
        assert "There is no file of corrections" in told
        assert "Name the list that is meant" in told
        assert not (tmp_path / "new").exists()


def test_embed_prints_a_table_of_places(run: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["embed", str(run), "--method", "pca"]) == 0
    rows = list(csv.DictReader(capfd.readouterr().out.splitlines()))
    assert len(rows) == 60
    assert {row["split"] for row in rows} == {"train", "val"}
    assert all(float(row["x"]) == float(row["x"]) for row in rows)
    assert main(["embed", str(run), "--method", "pca", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["method"] == "pca"
    assert [point["path"] for point in told["points"]] == [row["path"] for row in rows]
