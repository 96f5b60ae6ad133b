"""thresholds: set, told, and honoured by predict."""

import csv
import json
from pathlib import Path

import pytest
from sklearn.metrics import precision_score, recall_score

from finetuner.cli.app import main
from finetuner.engine.evaluation.tables import read_judged, write_predictions
from finetuner.engine.run_store.thresholds import Thresholds
from tests.engine.tiny import CLASSES, tiny_run

TRUTH = (0, 0, 1, 1, 2, 2)
LOGITS = ((4, 0, 0), (1, 0, 0), (0, 3, 0), (1, 0, 0), (0, 0, 2), (0, 1, 0))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made = tiny_run(tmp_path)
    write_predictions(made, [f"{number}.png" for number in range(6)], TRUTH, LOGITS, CLASSES)
    return made


def told(capfd: pytest.CaptureFixture[str], *words: object) -> dict:
    capfd.readouterr()
    assert main(["thresholds", *map(str, words), "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_without_options_it_tells_how_it_stands_and_writes_nothing(run, capfd) -> None:
    found = told(capfd, run)
    assert (found["n"], found["answered"], found["accuracy"]) == (6, 6, pytest.approx(4 / 6))
    assert {row["threshold"] for row in found["classes"]} == {0}
    assert not (run / "thresholds.json").exists()


def test_its_figures_are_those_of_scikit_learn(run, capfd) -> None:
    found = told(capfd, run, "--all", 0.6)
    judged = read_judged(run)
    said = [int(best) if sure >= 0.6 else -1 for best, sure in zip(judged.best, judged.sure, strict=True)]
    for index, row in enumerate(found["classes"]):
        assert row["precision"] == pytest.approx(precision_score(judged.truth, said, labels=[index], average=None)[0])
        assert row["recall"] == pytest.approx(recall_score(judged.truth, said, labels=[index], average=None)[0])


def test_the_particular_goes_before_the_general(run, capfd) -> None:
    told(capfd, run, "--all", 0.6, "--class", "bee=0.9", "--class", "cow=0")
    assert Thresholds.load(run).classes == {"ant": 0.6, "bee": 0.9}
    told(capfd, run, "--class", "ant=0.7")
    assert Thresholds.load(run).classes == {"ant": 0.7, "bee": 0.9}
    told(capfd, run, "--reset")
    assert Thresholds.load(run) == Thresholds()


def test_costs_propose_thresholds_and_are_remembered(run, tmp_path, capfd) -> None:
    (tmp_path / "costs.json").write_text('{"unsure": 1, "wrong": 5}')
    found = told(capfd, run, "--cost", tmp_path / "costs.json")
    assert found["cost"] < found["cost_without_thresholds"] == pytest.approx(5 * 2 / 6)
    assert Thresholds.load(run).costs.wrong == 5
    assert main(["thresholds", str(run)]) == 0
    assert "Cost without thresholds: 1.67 an image" in capfd.readouterr().out


def test_predict_says_unsure_to_people_scripts_and_tables(run, tmp_path, capfd) -> None:
    told(capfd, run, "--all", 1)
    table = tmp_path / "answers.csv"
    assert main(["predict", str(run), str(run.parent / "data"), "--csv", str(table), "--json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    assert {row["unsure"] for row in rows} == {True}
    assert all(row["top"][0] == [row["label"], row["probability"]] for row in rows)
    assert {row["unsure"] for row in csv.DictReader(table.read_text().splitlines())} == {"yes"}
    assert main(["predict", str(run), str(run.parent / "data")]) == 0
    assert all(": unsure (" in line for line in capfd.readouterr().out.splitlines())


def test_a_video_is_answered_with_unsure_too(run, tmp_path, capfd, qapp) -> None:
    from PIL import Image

    with open(tmp_path / "clip.mjpeg", "wb") as clip:
        for _ in range(3):
            Image.new("RGB", (96, 64), "red").save(clip, "JPEG")
    told(capfd, run, "--all", 1)
    assert main(["predict", str(run), str(tmp_path / "clip.mjpeg"), "--json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    assert {row["unsure"] for row in rows} == {True}


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["--class", "dragon=0.5"], 1, "no class 'dragon'"),
        (["--class", "ant"], 2, "names no threshold"),
        (["--class", "ant=much"], 2, "names no threshold"),
        (["--class", "ant=nan"], 1, "is no probability"),
        (["--all", "1.2"], 1, "is no probability"),
        (["--cost", "gone.json"], 1, "gone.json cannot be read"),
    ],
)
def test_trouble_is_one_sentence_and_nothing_is_written(run, words, status, sentence, capfd) -> None:
    assert main(["thresholds", str(run), *words]) == status
    assert sentence in capfd.readouterr().err
    assert not (run / "thresholds.json").exists()


def test_damaged_thresholds_can_be_forgotten(run, capfd) -> None:
    (run / "thresholds.json").write_text("{")
    assert main(["thresholds", str(run)]) == 1
    assert "--reset" in capfd.readouterr().err
    told(capfd, run, "--reset")
