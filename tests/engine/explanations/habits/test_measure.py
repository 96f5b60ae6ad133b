"""Planted shortcuts are named, and what is honest is not."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import RunEnded, ShortcutsMeasured
from finetuner.engine.explanations.habits.measure import shortcuts
from finetuner.engine.requests import ShortcutsRequest, TrainRequest
from finetuner.engine.training.loop import train
from tests.engine.explanations.habits.photos import CLASSES, MARKED, PLAIN, draw_honest, draw_planted
from tests.engine.tiny import tiny_run
from tests.engine.tiny_job import tiny_job


def trained(photos: Path) -> Path:
    job = tiny_job(photos, image_size=96, strategy="probe", val_split=0.5)
    *_, ended = train(TrainRequest(job=job, run=photos.parent / "run"))
    assert isinstance(ended, RunEnded)
    assert ended.summary is not None
    assert ended.summary.val_accuracy > 0.9
    return photos.parent / "run"


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(draw_honest(tmp_path_factory.mktemp("honest") / "photos"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(draw_planted(tmp_path_factory.mktemp("planted") / "photos"))


def measured(run: Path, **options: object) -> ShortcutsMeasured:
    *_, last = shortcuts(ShortcutsRequest.model_validate({"run": run, **options}))
    assert isinstance(last, ShortcutsMeasured)
    return last


@pytest.fixture(scope="module")
def of_honest(honest: Path) -> ShortcutsMeasured:
    return measured(honest)


@pytest.fixture(scope="module")
def of_planted(planted: Path) -> ShortcutsMeasured:
    return measured(planted)


def test_without_a_shortcut_no_class_is_suspicious(of_honest: ShortcutsMeasured) -> None:
    assert {habit.name: habit.suspicion for habit in of_honest.classes} == dict.fromkeys(CLASSES, "unsuspicious")


def test_a_planted_shortcut_is_named_with_its_class_and_place(of_planted: ShortcutsMeasured) -> None:
    found = {habit.name: habit for habit in of_planted.classes}
    assert [name for name, habit in found.items() if habit.suspicion == "suspicious"] == [MARKED]
    assert found[MARKED].sentence.startswith(f"{MARKED} is decided by the border in")
    assert found[MARKED].places[0].decided > 0.5
    assert found[PLAIN].places[0].decided in (None, 0)


def test_a_suspicious_number_has_its_images(of_planted: ShortcutsMeasured) -> None:
    border = next(habit for habit in of_planted.classes if habit.name == MARKED).places[0]
    assert {Path(row.source).parent.name for row in border.rows} == {MARKED}
    assert all(row.truth == row.label == MARKED for row in border.rows)


def test_it_repeats_itself(honest: Path, of_honest: ShortcutsMeasured) -> None:
    assert measured(honest) == of_honest


@pytest.mark.parametrize("method", ["saliency", "occlusion", "lrp"])
def test_any_map_may_be_averaged(honest: Path, method: str, tmp_path: Path) -> None:
    found = measured(honest, method=method, count=1, out=tmp_path)
    assert [habit.n for habit in found.classes] == [1, 1, 1]
    for habit in found.classes:
        with Image.open(habit.picture) as picture:
            assert picture.text["class"] == habit.name
            assert picture.text["method"] == method


def test_the_pictures_of_odd_class_names_stay_in_their_folder(tmp_path: Path) -> None:
    run, out = tiny_run(tmp_path, classes=("..a:b", "b c", "ü")), tmp_path / "out"
    names = {Path(habit.picture).name for habit in measured(run, out=out).classes}
    assert names == {path.name for path in out.iterdir()} == {"0000---a-b.png", "0001-b-c.png", "0002--.png"}


def test_it_may_be_stopped_between_two_images(honest: Path) -> None:
    steps = shortcuts(ShortcutsRequest(run=honest))
    done = [next(steps).done for _ in range(3)]
    steps.close()
    assert done == [0, 1, 2]


@pytest.mark.parametrize(("method", "sentence"), [("deepdream", "draws no map"), ("guess", "no explanation method")])
def test_a_method_without_a_map_is_refused(honest: Path, method: str, sentence: str) -> None:
    with pytest.raises(FinetunerError, match=sentence):
        measured(honest, method=method)


def test_images_that_are_gone_are_told(honest: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(honest, copy)
    text = (copy / "split.json").read_text().replace(str(honest.parent), str(tmp_path / "nowhere"))
    (copy / "split.json").write_text(text)
    with pytest.raises(FinetunerError, match="can be read any more"):
        measured(copy)
