import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Notice, RunStarted, ScannedImage
from finetuner.engine.job import Job
from finetuner.engine.run_store.lock import RunLock
from finetuner.engine.run_store.run_folder import RunFolder

JOB = Job().changed(epochs=3, data=Path("photos"))
folder_names = st.binary(min_size=1).filter(lambda name: b"/" not in name and b"\x00" not in name).map(os.fsdecode)


def image(path: str, label: str, split: str = "train") -> ScannedImage:
    return ScannedImage.model_validate(
        {"path": path, "label": label, "split": split, "width": 1, "height": 1, "format": "PNG", "content": "ab"}
    )


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", JOB)


def test_a_new_run_holds_its_job_and_nothing_else_but_a_lock(run: RunFolder) -> None:
    assert {path.name for path in run.path.iterdir()} - {"lock"} == {"job.toml"}
    assert not run.lock.held
    assert RunFolder.open(run.path).job == JOB


def test_an_empty_folder_may_become_a_run(tmp_path: Path) -> None:
    assert RunFolder.create(tmp_path, JOB).job == JOB


def test_a_wish_uttered_before_the_trainer_is_awake_is_kept(tmp_path: Path) -> None:
    RunFolder(tmp_path / "run").control.ask("stop")
    assert RunFolder.create(tmp_path / "run", JOB).control.wish == "stop"


def test_a_folder_in_which_kill_9_left_half_a_job_may_become_a_run(tmp_path: Path) -> None:
    (tmp_path / ".job.toml.0123abcd.tmp").write_bytes(b"[da")
    assert RunFolder.create(tmp_path, JOB).job == JOB


def test_a_full_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FinetunerError, match="is not empty"):
        RunFolder.create(tmp_path, JOB)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine")
    with pytest.raises(FinetunerError, match="is not empty"):
        RunFolder.create(tmp_path / "run", JOB)


def test_a_place_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FinetunerError, match="cannot be written: Not a directory"):
        RunFolder.create(tmp_path / "file" / "run", JOB)


def test_a_folder_without_a_job_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match=r"is not a run: it holds no job\.toml"):
        RunFolder.open(tmp_path)


@settings(max_examples=50)
@given(st.lists(folder_names, min_size=1, unique=True))
def test_classes_survive_whatever_folders_are_called(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    run = RunFolder(tmp_path_factory.getbasetemp() / "names")
    run.pin_split(tuple(names), [image(f"{name}/1.png", name) for name in names])
    assert run.classes == tuple(names)
    assert run.pinned("train") == [(Path(f"{name}/1.png"), name) for name in names]


def test_the_split_is_pinned_with_content(run: RunFolder) -> None:
    run.pin_split(("a", "b"), [image("/d/a/1.png", "a"), image("/d/b/2.png", "b", "val")])
    assert run.classes_file.read_text() == "a\nb\n"
    assert json.loads(run.split_file.read_text()) == {
        "classes": ["a", "b"],
        "images": [
            {"path": "/d/a/1.png", "label": "a", "split": "train", "content": "ab"},
            {"path": "/d/b/2.png", "label": "b", "split": "val", "content": "ab"},
        ],
    }
    assert run.pinned("val") == [(Path("/d/b/2.png"), "b")]


@pytest.mark.parametrize("content", ["", "[]", '{"images": [{"split": "val"}]}', "\x00"])
def test_a_damaged_split_is_told_of(run: RunFolder, content: str) -> None:
    run.classes_file.write_text("a\nb\n")
    run.split_file.write_text(content)
    with pytest.raises(FinetunerError, match=r"split\.json cannot be read"):
        run.pinned("val")


def test_it_has_started_once_it_was_set_up(run: RunFolder) -> None:
    run.events.append(Notice(sentence="Looking."), 0, 0)
    assert not run.started
    run.events.append(started(run), 0, 0)
    assert run.started


def test_a_run_that_came_to_nothing_can_be_discarded(tmp_path: Path) -> None:
    with RunFolder.claimed(tmp_path / "run", JOB) as run:
        (run.best / "deep").mkdir(parents=True)
        run.discard()
        run.discard()
    assert not run.path.exists()


def test_only_who_holds_a_run_discards_it(run: RunFolder) -> None:
    run.discard()
    assert run.job == JOB


def test_what_another_puts_into_a_discarded_run_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    removed = RunLock.remove

    def remove(lock: RunLock) -> None:
        removed(lock)
        (tmp_path / "run" / "job.toml").write_text("another's")

    monkeypatch.setattr(RunLock, "remove", remove)
    with RunFolder.claimed(tmp_path / "run", JOB) as run:
        run.discard()
    assert [path.name for path in run.path.iterdir()] == ["job.toml"]


def test_of_those_who_begin_a_run_at_once_one_gets_it(tmp_path: Path) -> None:
    for number in range(5):
        start = threading.Barrier(4)

        def begin(seed: int, path: Path = tmp_path / str(number), start: threading.Barrier = start) -> int | None:
            start.wait()
            try:
                RunFolder.create(path, JOB.changed(seed=seed))
            except FinetunerError:
                return None
            return seed

        with ThreadPoolExecutor(4) as pool:
            (winner,) = [seed for seed in pool.map(begin, range(4)) if seed is not None]
        assert RunFolder.open(tmp_path / str(number)).job.compute.seed == winner


def test_a_folder_in_which_another_begins_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finetuner.engine.run_store.lock._PATIENCE", 0.0)
    other = RunLock(tmp_path / "lock")
    assert other.take()
    with pytest.raises(FinetunerError, match="Another training begins in") as told:
        RunFolder.create(tmp_path, JOB)
    assert "--out" in told.value.next_step
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def started(run: RunFolder, epochs: int = 3) -> RunStarted:
    return RunStarted(
        run=str(run.path), classes=("a", "b"), train_images=8, val_images=2, backbone="net", strategy="full",
        epochs=epochs, batch_size=4, image_size=32, device="cpu", precision="fp32",
    )  # fmt: skip


@pytest.mark.parametrize("part", ["events.jsonl", "checkpoints", "lock", "classes.txt", "anything"])
def test_a_run_whose_parts_lie_elsewhere_is_not_opened(tmp_path: Path, run: RunFolder, part: str) -> None:
    (tmp_path / "precious").write_text("precious")
    (run.path / part).unlink(missing_ok=True)
    (run.path / part).symlink_to(tmp_path / "precious")
    with pytest.raises(FinetunerError, match=rf"no plain run folder: '{part}' is a link"):
        RunFolder.open(run.path)


@pytest.mark.parametrize("part", ["events.jsonl", "split.json", "control"])
def test_a_folder_in_the_place_of_a_file_is_no_run(run: RunFolder, part: str) -> None:
    (run.path / part).mkdir()
    with pytest.raises(FinetunerError, match="of the wrong kind"):
        RunFolder.open(run.path)


def test_a_run_with_a_strangers_notes_beside_it_is_opened(run: RunFolder) -> None:
    (run.path / "notes").mkdir()
    (run.path / "notes.md").write_text("x")
    assert RunFolder.open(run.path).path == run.path


@pytest.mark.parametrize("content", ["a\na\n", "\n".join(map(str, range(100_001)))])
def test_class_names_that_no_run_has_are_told_of(run: RunFolder, content: str) -> None:
    run.classes_file.write_text(content)
    with pytest.raises(FinetunerError, match=r"classes\.txt are damaged"):
        assert run.classes


def test_missing_class_names_are_told_of(run: RunFolder) -> None:
    with pytest.raises(FinetunerError, match=r"classes\.txt cannot be read"):
        assert run.classes
