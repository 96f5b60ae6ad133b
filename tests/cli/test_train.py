import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from finetuner.cli import train as room
from finetuner.cli.app import main
from finetuner.engine import paths
from finetuner.engine.events import Event
from finetuner.engine.job import Job
from finetuner.engine.requests import TrainRequest
from finetuner.engine.run_store.runs import describe
from finetuner.engine.strategies.plan import Phase
from finetuner.engine.training.loop import train
from tests.engine.tiny_job import fingerprint, tiny_job

FLAGS = [
    "--backbone", "test_resnet", "--no-pretrained", "--image-size", "32", "--batch-size", "8", "--device", "cpu",
    "--precision", "fp32", "--strategy", "full", "--epochs", "2", "--augmentation", "none", "--threads", "1",
]  # fmt: skip
PROMISED = {
    "run", "classes", "epochs", "best_epoch", "val_accuracy", "val_accuracy_interval", "val_loss", "train_images",
    "val_images", "seconds", "images_per_second", "device", "precision", "strategy", "backbone",
}  # fmt: skip


def document(capfd: pytest.CaptureFixture[str]) -> dict[str, object]:
    return dict(json.loads(capfd.readouterr().out))


def test_json_is_one_document_with_what_scripts_depend_on(
    photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(photos), "--out", str(tmp_path / "run"), *FLAGS, "--json"]) == 0
    figures = document(capfd)
    assert set(figures) >= PROMISED
    assert figures["run"] == str(tmp_path / "run")
    assert (figures["classes"], figures["epochs"]) == (["blue", "green", "red"], 2)


def test_in_words_the_accuracy_comes_with_its_interval_and_n(
    photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(photos), "--out", str(tmp_path / "run"), *FLAGS]) == 0
    out, err = capfd.readouterr()
    assert "% right on 6 validation images" in out
    assert "95 % interval" in out
    assert f"The run is in {tmp_path / 'run'}" in out
    assert "epoch 2/2" in err


def test_flags_make_the_job_that_the_engine_gets(
    photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(photos), "--out", str(tmp_path / "flags"), *FLAGS, "--json"]) == 0
    for _ in train(TrainRequest(job=tiny_job(photos), run=tmp_path / "engine")):
        continue
    assert fingerprint(tmp_path / "flags") == fingerprint(tmp_path / "engine")


def test_a_job_file_is_replayed_and_flags_override_it(
    photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tiny_job(photos).save(tmp_path / "JOB.toml")
    replay = ["train", "--job", str(tmp_path / "JOB.toml"), "--json"]
    assert main([*replay, "--out", str(tmp_path / "same")]) == 0
    assert main([*replay, "--out", str(tmp_path / "other"), "--epochs", "1", "--seed", "3"]) == 0
    assert (describe(tmp_path / "same").epochs_done, describe(tmp_path / "other").epochs_done) == (2, 1)
    assert Job.load(tmp_path / "other" / "job.toml").compute.seed == 3


def test_paths_become_absolute_so_that_the_run_can_be_replayed_from_anywhere(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["train", os.path.relpath(photos, tmp_path), "--out", "here", *FLAGS]) == 0
    data = Job.load(tmp_path / "here" / "job.toml").data.data
    assert data is not None
    assert data.is_absolute()
    assert data.resolve() == photos.resolve()


def test_an_image_can_be_watched(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photos)
    assert main(["train", str(photos), "--out", str(tmp_path / "run"), *FLAGS, "--watch", "red/0.png"]) == 0
    assert Job.load(tmp_path / "run" / "job.toml").watching.image == photos / "red" / "0.png"
    assert len(list((tmp_path / "run" / "watch").glob("*.png"))) == 2


def test_resume_goes_on_with_an_interrupted_run(
    photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    events = train(TrainRequest(job=tiny_job(photos), run=tmp_path / "run"))
    next(event for event in events if event.kind == "checkpoint-saved")
    events.close()  # type: ignore[attr-defined]
    assert main(["train", "--resume", str(tmp_path / "run"), "--json"]) == 0
    assert document(capfd)["epochs"] == 2
    assert describe(tmp_path / "run").status == "done"


def test_without_out_the_run_is_among_yours(photos: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(photos), *FLAGS, "--json"]) == 0
    run = Path(str(document(capfd)["run"]))
    assert run.parent == paths.runs_dir()
    assert run.name.startswith("photos-full-")


def test_two_that_start_in_the_same_second_get_a_run_each(
    photos: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(room, "new_run", lambda job: paths.runs_dir() / "photos-full-now")
    runs = []
    for seed in ("1", "2"):
        assert main(["train", str(photos), *FLAGS, "--seed", seed, "--json"]) == 0
        runs.append(Path(str(document(capfd)["run"])).name)
    assert runs == ["photos-full-now", "photos-full-now-2"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent-folder"], "absent-folder"),
        (["PHOTOS", "--backbone", "resnet_of_nobody", "--out", "OUT"], "resnet_of_nobody"),
        (["PHOTOS", "--out", "PHOTOS"], "is not empty"),
        (["--job", "absent.toml"], "absent.toml cannot be read"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(
    photos: Path, tmp_path: Path, arguments: list[str], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    places = {"PHOTOS": str(photos), "OUT": str(tmp_path / "run")}
    assert main(["train", *(places.get(word, word) for word in arguments)]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_a_run_that_diverges_keeps_its_figures_and_fails(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from finetuner.engine.training.validation import Validation

    def judge(validation: Validation, phase: Phase) -> Generator[Event, None, tuple[float, float]]:
        yield from ()
        return (float("nan") if validation.keeper.position.epoch else 1.0), 0.5

    monkeypatch.setattr(Validation, "judge", judge)
    assert main(["train", str(photos), "--out", str(tmp_path / "run"), *FLAGS, "--json"]) == 1
    out, err = capfd.readouterr()
    assert json.loads(out)["best_epoch"] == 1
    assert "no longer a number" in err
