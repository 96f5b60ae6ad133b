"""Labels put right after training: found, changed, and the head solved again."""

import json
import shutil
from pathlib import Path

import pytest

from finetuner.engine.dataset.corrections import Correction, Corrections
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import read_metrics
from finetuner.engine.events import EpochEnded, Notice, RunEnded, SuspectsRanked
from finetuner.engine.requests import RefitRequest, ResumeRequest, SuspectsRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.loop import resume, train
from finetuner.engine.training.refit import refit
from finetuner.engine.training.suspects import MOST_TOLD, suspects
from tests.engine.tiny_job import draw_pictures, tiny_job

FLIPPED = ("blue/0.png", "green/3.png", "red/5.png")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on pictures of which three lie in the folder of the next class."""
    folder = tmp_path_factory.mktemp("refit")
    data = draw_pictures(folder / "data", of_each=20)
    following = {"blue": "green", "green": "red", "red": "blue"}
    for name in FLIPPED:
        label, file = name.split("/")
        shutil.move(data / name, data / following[label] / f"from-{label}-{file}")
    job = tiny_job(data, strategy="lp-ft")
    assert isinstance(list(train(TrainRequest(job=job, run=folder / "run")))[-1], RunEnded)
    return folder / "run"


def ranked(run: Path) -> SuspectsRanked:
    *_, last = suspects(SuspectsRequest(run=run))
    assert isinstance(last, SuspectsRanked)
    return last


def test_wrong_labels_come_first_with_what_they_look_like(trained: Path) -> None:
    found = ranked(trained)
    assert found.images == len(found.suspects) == 60 <= MOST_TOLD
    first = {Path(suspect.path).name: suspect for suspect in found.suspects[:6]}
    for name in FLIPPED:
        label, file = name.split("/")
        assert first[f"from-{label}-{file}"].suggested == label
        assert first[f"from-{label}-{file}"].likely


def test_a_refit_is_a_run_of_its_own_with_the_corrected_labels(trained: Path, tmp_path: Path) -> None:
    said = Corrections()
    for suspect in ranked(trained).suspects:
        if Path(suspect.path).name.startswith("from-"):
            said = said.changed(suspect.content, Correction(label=suspect.suggested))
    said.save(tmp_path / "corrections.json")
    request = RefitRequest(run=trained, corrections=tmp_path / "corrections.json", out=tmp_path / "corrected")
    events = list(refit(request))
    assert isinstance(events[-1], RunEnded)
    assert len([event for event in events if isinstance(event, EpochEnded)]) == 1
    old, new = (RunFolder.open(run).pinned_images() for run in (trained, tmp_path / "corrected"))
    assert [(image.path, image.split) for image in new] == [(image.path, image.split) for image in old]
    changed = [image for before, image in zip(old, new, strict=True) if before.label != image.label]
    assert {f"from-{image.label}-" in image.path for image in changed} == {True}
    assert len(changed) == 3
    assert read_metrics(tmp_path / "corrected").accuracy >= read_metrics(trained).accuracy


def test_an_image_left_out_is_neither_trained_nor_judged(trained: Path, tmp_path: Path) -> None:
    victim = RunFolder.open(trained).pinned_images()[0]
    Corrections().changed(victim.content, Correction(excluded=True)).save(tmp_path / "corrections.json")
    list(refit(RefitRequest(run=trained, corrections=tmp_path / "corrections.json", out=tmp_path / "fewer")))
    left = json.loads((tmp_path / "fewer" / "split.json").read_text())["images"]
    assert len(left) == 59
    assert victim.content not in {row["content"] for row in left}


def test_a_new_training_takes_the_corrections_to_heart(trained: Path, tmp_path: Path) -> None:
    victim = next(image for image in RunFolder.open(trained).pinned_images() if image.split == "train")
    label = next(name for name in ("blue", "red") if name != victim.label)
    Corrections().changed(victim.content, Correction(label=label)).save(tmp_path / "corrections.json")
    job = RunFolder.open(trained).job.changed(corrections=tmp_path / "corrections.json", epochs=1)
    list(train(TrainRequest(job=job, run=tmp_path / "again")))
    labels = {image.content: image.label for image in RunFolder.open(tmp_path / "again").pinned_images()}
    assert labels[victim.content] == label


def test_corrections_that_leave_nothing_to_learn_are_told_first(trained: Path, tmp_path: Path) -> None:
    said = Corrections()
    for image in RunFolder.open(trained).pinned_images():
        said = said.changed(image.content, Correction(label="blue"))
    said.save(tmp_path / "corrections.json")
    with pytest.raises(FinetunerError, match="nothing left to learn"):
        list(refit(RefitRequest(run=trained, corrections=tmp_path / "corrections.json", out=tmp_path / "one")))
    assert not (tmp_path / "one").exists()


def test_corrections_that_are_not_there_are_told_before_an_image_is_read(trained: Path, tmp_path: Path) -> None:
    job = RunFolder.open(trained).job.changed(corrections=tmp_path / "mistyped.json")
    with pytest.raises(FinetunerError, match=r"no file of corrections .*mistyped\.json"):
        next(train(TrainRequest(job=job, run=tmp_path / "new")))
    with pytest.raises(FinetunerError, match=r"no file of corrections .*mistyped\.json"):
        next(iter(refit(RefitRequest(run=trained, corrections=tmp_path / "mistyped.json", out=tmp_path / "new"))))
    assert not (tmp_path / "new").exists()


def test_a_run_goes_on_when_its_corrections_have_vanished(trained: Path, tmp_path: Path) -> None:
    victim = next(image for image in RunFolder.open(trained).pinned_images() if image.split == "train")
    file = tmp_path / "corrections.json"
    Corrections().changed(victim.content, Correction(excluded=True)).save(file)
    job = RunFolder.open(trained).job.changed(corrections=file, strategy="full", epochs=2)
    events = train(TrainRequest(job=job, run=tmp_path / "run"))
    next(event for event in events if isinstance(event, EpochEnded))
    events.close()
    file.unlink()
    *_, last = resume(ResumeRequest(run=tmp_path / "run"))
    assert isinstance(last, RunEnded)
    assert last.status == "done"
    assert len(RunFolder.open(tmp_path / "run").pinned_images()) == 59
    assert "corrections.json, which cannot be read any more" in (tmp_path / "run" / "model_card.md").read_text("utf-8")


def test_corrections_of_other_images_are_told(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "right.csv").write_text("path,label\nelsewhere.png,blue\n")
    job = RunFolder.open(trained).job.changed(corrections=tmp_path / "right.csv", epochs=1)
    for events in (
        train(TrainRequest(job=job, run=tmp_path / "again")),
        refit(RefitRequest(run=trained, corrections=tmp_path / "right.csv", out=tmp_path / "corrected")),
    ):
        notices = [event.sentence for event in events if isinstance(event, Notice)]
        assert any("speak of none of these images" in sentence for sentence in notices)
