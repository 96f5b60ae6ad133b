"""unknown: learned by a run that did not know, told, and honoured by predict."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetuner.cli.app import main
from finetuner.engine.run_store.unknown import Unknown
from tests.engine.tiny import tiny_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("asked"))


def told(capfd: pytest.CaptureFixture[str], *words: object):
    capfd.readouterr()
    assert main([*map(str, words), "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_an_older_run_learns_it_from_its_images(run, capfd) -> None:
    found = told(capfd, "unknown", run)
    assert (found["images"], found["passing"], found["known_share"]) == (12, 12, 0.95)
    assert found["threshold"] == Unknown.load(run).cut.threshold
    assert found["others"] is None


def test_another_share_is_kept_and_honoured_by_predict(run, capfd, tmp_path) -> None:
    found = told(capfd, "unknown", run, "--known-share", 0.5)
    assert found["passing"] == 7, "one more than half of twelve, for the cut is set on them"
    rows = told(capfd, "predict", run, run.parent / "data", "--csv", tmp_path / "t.csv")
    assert sum(row["unknown"] for row in rows) == 5
    assert all((row["unknown_score"] > found["threshold"]) == row["unknown"] for row in rows)
    assert all(row["label"] == row["top"][0][0] for row in rows)
    lines = list(csv.DictReader((tmp_path / "t.csv").read_text().splitlines()))
    assert [line["unknown"] for line in lines] == ["yes" if row["unknown"] else "no" for row in rows]
    assert list(lines[0])[:4] == ["source", "label", "probability", "unknown"]


def test_the_lines_say_unknown(run, capfd) -> None:
    told(capfd, "unknown", run, "--known-share", 0.5)
    assert main(["predict", str(run), str(run.parent / "data")]) == 0
    assert capfd.readouterr().out.count(": unknown (") == 5


def test_images_of_other_kinds_are_counted(run, capfd, tmp_path) -> None:
    for number in range(3):
        pixels = np.full((40, 40, 3), 120 * number, np.uint8)
        pixels[::2] = 255 - pixels[::2]
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    (tmp_path / "notes.txt").write_text("no image")
    found = told(capfd, "unknown", run, "--against", tmp_path)
    others, cut = found["others"], Unknown.load(run).cut
    rows = told(capfd, "predict", run, tmp_path)
    assert (others["images"], others["folder"]) == (3, tmp_path.name)
    assert others["unknown"] == sum(row["unknown_score"] > cut.threshold for row in rows)
    pairs = [row["unknown_score"] > score for row in rows for score in Unknown.load(run).scores]
    assert others["auroc"] == pytest.approx(np.mean(pairs))


@pytest.mark.parametrize("share", [0.2, 1, 7])
def test_a_share_that_is_none_is_refused(run, capfd, share) -> None:
    assert main(["unknown", str(run), "--known-share", str(share)]) == 1
    assert "no share of known images" in capfd.readouterr().err


def test_what_is_damaged_is_learned_anew_when_asked(run, capfd) -> None:
    (run / "unknown.json").write_text("{")
    assert main(["unknown", str(run)]) == 1
    assert "--anew" in capfd.readouterr().err
    assert told(capfd, "unknown", run, "--anew")["images"] == 12
