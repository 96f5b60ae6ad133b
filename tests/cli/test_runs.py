import json
from pathlib import Path

import pytest

from finetuner.cli.app import main
from finetuner.engine import paths
from finetuner.engine.evaluation.certainty import written
from finetuner.engine.job import Job
from finetuner.engine.requests import TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.runs import describe
from finetuner.engine.training.loop import train
from tests.engine.tiny_job import tiny_job


@pytest.fixture(scope="module")
def finished(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("runs") / "finished"
    for _ in train(TrainRequest(job=tiny_job(photos), run=run)):
        continue
    return run


def test_no_runs_is_an_empty_list(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == []


def test_no_runs_is_a_sentence_that_says_where(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    assert f"There is no run in {paths.runs_dir()}." in capfd.readouterr().out


def test_named_runs_are_compared_with_their_curves(
    finished: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fresh = RunFolder.create(tmp_path / "fresh", Job().changed(strategy="probe"))
    assert main(["runs", str(finished), str(fresh.path), "--json"]) == 0
    done, begun = json.loads(capfd.readouterr().out)
    assert (done["run"], done["status"], done["strategy"]) == (str(finished), "done", "full")
    assert (done["epochs"], done["epochs_done"], done["backbone"]) == (2, 2, "test_resnet")
    assert [set(row) for row in done["curve"]] == [{"epoch", "train_loss", "val_loss", "val_accuracy"}] * 2
    assert done["summary"]["val_images"] == 6
    assert (begun["status"], begun["summary"], begun["curve"]) == ("interrupted", None, [])


def test_your_runs_are_listed_in_words(capfd: pytest.CaptureFixture[str]) -> None:
    RunFolder.create(paths.runs_dir() / "mine", Job().changed(strategy="probe"))
    assert main(["runs"]) == 0
    out = capfd.readouterr().out
    assert "mine" in out
    assert "interrupted" in out


def test_an_interval_is_written_as_people_write_it(finished: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(finished)]) == 0
    out = capfd.readouterr().out
    assert written(describe(finished).summary.val_accuracy_interval) in out
    assert "\\u202f" not in out


def test_what_is_no_run_is_a_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(tmp_path)]) == 1
    assert "is not a run" in capfd.readouterr().err


def test_names_that_look_like_markup_are_printed_as_they_are(capfd: pytest.CaptureFixture[str]) -> None:
    RunFolder.create(paths.runs_dir() / "[bold]run[nothing]", Job())
    assert main(["runs"]) == 0
    assert "[bold]run[nothing]" in capfd.readouterr().out


def test_two_runs_are_compared_image_by_image(
    finished: Path, tmp_path: Path, photos: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other[red]"
    for _ in train(TrainRequest(job=tiny_job(photos, epochs=1, lr=1e-9), run=other)):
        continue
    assert main(["compare", str(finished), str(other), "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["images"], found["held_out"]) == (6, [6, 6])
    assert found["both_right"] + found["only_first"] + found["only_second"] + found["neither"] == 6
    assert main(["compare", str(finished), str(other)]) == 0
    out = capfd.readouterr().out
    assert found["sentence"] in out
    assert "other[red]" in out
    assert "too few" in out


def test_a_race_is_ranked(photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    job = tmp_path / "job.toml"
    tiny_job(photos).save(job)
    words = ["race", "--job", str(job), "--budget", "1000", "--strategy", "probe", "--strategy", "full"]
    assert main([*words, "--out", str(tmp_path / "one"), "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert {Path(entry["run"]).name for entry in found["ranking"]} == {"one-probe", "one-full"}
    assert found["winner"] in {entry["run"] for entry in found["ranking"]}
    assert main([*words, "--out", str(tmp_path / "two")]) == 0
    out = capfd.readouterr().out
    assert " leads with " in out
    assert "n = 6, too few images to tell" in out
    assert main([*words, "--time-limit", "3"]) == 2
    assert "--budget" in capfd.readouterr().err
