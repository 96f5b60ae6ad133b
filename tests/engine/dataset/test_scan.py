import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from finetuner.engine.dataset import reader_process
from finetuner.engine.dataset.check import check
from finetuner.engine.dataset.scan import read_dataset, scan
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ImagesScanned, Progress, ScanEnded, ScannedImage, parse_event
from finetuner.engine.requests import ScanRequest
from tests.hostile import Hostile, build_hostile, photo, without_privileges


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return build_hostile(tmp_path_factory.mktemp("hostile") / "data")


@pytest.fixture(scope="module")
def hostile_events(hostile: Hostile) -> list:
    return list(scan(ScanRequest(data=hostile.folder)))


def scanned(events: list) -> list[ScannedImage]:
    return [image for event in events if isinstance(event, ImagesScanned) for image in event.images]


def make(folder: Path, names: str) -> Path:
    """A data set of distinct small pictures with these relative names."""
    for name in names.split():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        photo(name).save(folder / name)
    return folder


def ended(data: Path, val: Path | None = None) -> ScanEnded:
    last = list(scan(ScanRequest(data=data, val=val)))[-1]
    assert isinstance(last, ScanEnded)
    return last


COMPOSED, TAKEN_APART = "caf\u00e9", "cafe\u0301"
"""The same word as most systems write it, and as macOS does."""


@pytest.mark.parametrize("part", ["", "train/"])
def test_a_class_whose_letters_one_system_takes_apart_is_one_class(tmp_path: Path, part: str):
    names = f"{part}{COMPOSED}/1.png {part}{TAKEN_APART}/2.png {part}tea/3.png val/{TAKEN_APART}/4.png"
    end = ended(make(tmp_path / "data", names if part else names.rpartition(" ")[0]))
    assert list(end.classes) == [COMPOSED, "tea"]
    assert not [notice for notice in end.notices if "left out as a class" in notice]


def test_the_only_folder_is_looked_into_under_its_own_name(tmp_path: Path):
    end = ended(make(tmp_path / "data", f"{TAKEN_APART}/latte/1.png {TAKEN_APART}/mocha/2.png"))
    assert [notice for notice in end.notices if "latte, mocha" in notice]


def test_every_hostile_file_gets_the_right_reason(hostile: Hostile, hostile_events: list):
    told = {os.path.relpath(problem.path, hostile.folder): problem.reason for problem in hostile_events[-1].problems}
    assert told.keys() == hostile.refused.keys()
    wrong = {name: told[name] for name, words in hostile.refused.items() if words not in told[name]}
    assert not wrong


def test_every_usable_file_is_used(hostile: Hostile, hostile_events: list):
    used = {os.path.relpath(image.path, hostile.folder) for image in scanned(hostile_events)}
    assert used == hostile.usable


def test_used_and_excluded_are_seen(hostile: Hostile, hostile_events: list):
    end = hostile_events[-1]
    assert (end.used, end.excluded, end.seen) == (len(hostile.usable), len(hostile.refused), hostile.seen)
    assert sum(end.classes.values()) == sum(end.splits.values()) == end.used
    assert len(end.problems) == end.excluded


def test_oddities_are_told(hostile_events: list):
    notices = " ".join(hostile_events[-1].notices)
    for words in ("png-named.jpg", "animated.gif", "float.tif", "one-pixel.png", "30000x10.png"):
        assert words in notices


def test_turned_photos_have_upright_sizes(hostile_events: list):
    sizes = {Path(image.path).name: (image.width, image.height) for image in scanned(hostile_events)}
    assert {sizes[f"exif{orientation}.jpg"] for orientation in range(1, 9)} == {(96, 64)}


def test_events_survive_the_pipe_with_any_file_name(hostile_events: list):
    for event in hostile_events:
        assert parse_event(event.to_json()) == event


def test_progress_reaches_the_total(hostile: Hostile, hostile_events: list):
    progress = [event for event in hostile_events if isinstance(event, Progress) and event.total]
    assert progress[-1].done == progress[-1].total == hostile.seen
    assert all(event.rate > 0 for event in progress)


def test_two_scans_say_the_same(hostile: Hostile, hostile_events: list):
    again = list(scan(ScanRequest(data=hostile.folder)))
    assert scanned(again) == scanned(hostile_events)
    assert again[-1] == hostile_events[-1]


def test_split_folders_give_the_split(tmp_path: Path):
    make(tmp_path, "train/a/1.png train/a/2.png train/b/1.png valid/a/3.png Test/b/4.png notes/x.png")
    end = ended(tmp_path)
    assert end.layout == "split-folders"
    assert end.splits == {"train": 3, "val": 1, "test": 1}
    assert [problem.reason for problem in end.problems] == ["lies outside of the train, val and test folders"]


def test_the_parts_may_be_called_training_and_testing(tmp_path: Path):
    make(tmp_path, "Training/a/1.png Training/b/2.png Testing/a/3.png Testing/b/4.png")
    end = ended(tmp_path)
    assert end.classes == {"a": 2, "b": 2}
    assert end.splits["test"] == 2


def test_a_class_may_be_called_train(tmp_path: Path):
    make(tmp_path, "bus/1.png train/steam/2.png car/3.png")
    assert ended(tmp_path).classes == {"bus": 1, "car": 1, "train": 1}


def test_a_validation_folder_joins_the_data(tmp_path: Path):
    make(tmp_path, "data/a/1.png data/b/2.png held/a/3.png held/b/4.png")
    images = read_dataset(tmp_path / "data", tmp_path / "held").images
    assert [image.split for image in images] == [None, None, "val", "val"]
    assert ended(tmp_path / "data", tmp_path / "held").splits == {"train": 2, "val": 2}


def test_two_validation_sets_are_refused(tmp_path: Path):
    make(tmp_path, "data/train/a/1.png data/val/a/2.png held/a/3.png")
    with pytest.raises(FinetunerError, match="validation part of its own"):
        ended(tmp_path / "data", tmp_path / "held")


@pytest.mark.parametrize(
    ("names", "chosen", "words"),
    [
        ("", ".", "is empty"),
        ("ants/1.png bees/1.png", "ants", "choose"),
        ("ants/1.png", "ants", "no class folders"),
        ("ants/1.png", "missing", "cannot be opened"),
        ("ants/1.png", "ants/1.png", "not a data set"),
    ],
)
def test_a_wrong_choice_gets_a_sentence(tmp_path: Path, names: str, chosen: str, words: str):
    data = tmp_path / "data"
    data.mkdir()
    make(data, names)
    with pytest.raises(FinetunerError) as refusal:
        ended(data / chosen)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("names", "chosen", "words"),
    [
        ("train/a/1.png train/b/2.png val/a/3.png", "train", "one part of a data set"),
        ("data/a/1.png data/b/2.png", ".", "choose"),
        ("a/1.png a/2.png", ".", "only one class, a"),
        ("a/1.png a/2.png b/1.png b/2.png c/1.png", ".", "not validated: c"),
        (
            "train/a/1.png train/b/2.png val/a/3.png val/c/4.png",
            ".",
            "Never seen in training, only in validation or test: c",
        ),
        ("val/a/1.png test/a/2.png", ".", "no image to train with"),
    ],
)
def test_a_doubtful_choice_gets_a_notice(tmp_path: Path, names: str, chosen: str, words: str):
    assert words in " ".join(ended(make(tmp_path, names) / chosen).notices)


def test_an_ordinary_data_set_needs_no_notice(tmp_path: Path):
    assert ended(make(tmp_path, "a/1.png a/2.png b/1.png b/2.png")).notices == ()
    assert ended(make(tmp_path / "x", "train/a/1.png train/b/2.png val/a/3.png val/b/4.png")).notices == ()


def test_an_empty_class_is_left_out_with_a_notice(tmp_path: Path):
    make(tmp_path, "a/1.png a/2.png b/1.png b/2.png")
    (tmp_path / "c").mkdir()
    end = ended(tmp_path)
    assert list(end.classes) == ["a", "b"]
    assert "left out as a class: c" in end.notices[0]


def test_the_same_image_in_two_splits_is_told(tmp_path: Path):
    make(tmp_path, "train/a/1.png train/b/2.png val/a/3.png val/b/4.png")
    (tmp_path / "val/a/copy.png").write_bytes((tmp_path / "train/a/1.png").read_bytes())
    photo("train/b/2.png").save(tmp_path / "val/b/again.jpg", quality=85)
    notices = " ".join(ended(tmp_path).notices)
    assert "a copy or near-copy in training, so that the score will flatter (2): " in notices
    assert "copy.png, again.jpg" in notices


def test_one_picture_under_two_labels_is_told(tmp_path: Path):
    make(tmp_path, "a/1.png a/2.png b/1.png b/2.png")
    (tmp_path / "b/3.png").write_bytes((tmp_path / "a/1.png").read_bytes())
    assert "under different labels (2): 1.png, 3.png" in " ".join(ended(tmp_path).notices)


def test_a_class_of_one_picture_and_its_copies_cannot_be_validated_and_that_is_told(tmp_path: Path):
    make(tmp_path, "a/1.png b/1.png b/2.png")
    (tmp_path / "a/copy.png").write_bytes((tmp_path / "a/1.png").read_bytes())
    assert "Without a validation image: a." in ended(tmp_path).notices


def test_nothing_usable_is_an_error_with_the_reason(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/1.jpg").write_bytes(b"hello, world")
    with pytest.raises(FinetunerError, match="it is text"):
        read_dataset(tmp_path)


def test_classes_are_sorted_and_paths_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, "data/b/1.png data/a/2.png data/B/3.png")
    monkeypatch.chdir(tmp_path)
    dataset = read_dataset(Path("data"))
    assert dataset.classes == ("B", "a", "b")
    assert all(Path(image.path).is_absolute() for image in dataset.images)


def test_a_forbidden_file_is_told(tmp_path: Path):
    make(tmp_path, "a/1.png a/2.png b/3.png")
    (tmp_path / "a/1.png").chmod(0)
    with without_privileges(tmp_path):
        end = ended(tmp_path)
    assert [problem.reason for problem in end.problems] == ["no permission to read it"]
    assert end.used == 2


def test_closing_stops_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The files under way are finished, the others never opened, and no thread is left."""
    make(tmp_path, " ".join(f"a/{index}.png" for index in range(200)))
    opened = []
    monkeypatch.setitem(reader_process.TASKS, "check", lambda paths: opened.extend(paths) or check(paths))
    monkeypatch.setattr("finetuner.engine.dataset.scan.BATCH_IMAGES", 1)
    events = scan(ScanRequest(data=tmp_path))
    next(events)
    events.close()
    assert 0 < len(opened) < 200
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("finetuner-read")]


def test_scanning_needs_no_torch():
    script = (
        "import sys, finetuner.engine.dataset.scan, finetuner.engine.dataset.thumbnails; print('torch' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
