import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from finetuner.engine import files
from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store import checkpoints as room
from finetuner.engine.run_store.checkpoints import KEEP, MANIFEST, Checkpoints, read_folder, verifies

VERSIONS = {"finetuner": "1", "torch": "2"}


def contents(step: int) -> dict[str, bytes]:
    return {"model.safetensors": bytes([step % 256]) * 1000, "state.json": f'{{"step": {step}}}'.encode()}


def saved(folder: Path, *steps: int) -> Checkpoints:
    store = Checkpoints(folder / "checkpoints")
    for step in steps:
        store.save(step, contents(step), VERSIONS)
    return store


def names(store: Checkpoints) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir())


def newest(store: Checkpoints) -> str | None:
    path = store.newest()
    return path.name if path else None


def test_a_checkpoint_holds_its_files_and_a_manifest(tmp_path: Path) -> None:
    path = saved(tmp_path, 12).newest()
    assert path == tmp_path / "checkpoints" / "000012"
    assert {file.name: file.read_bytes() for file in path.iterdir() if file.name != MANIFEST} == contents(12)
    manifest = json.loads((path / MANIFEST).read_text())
    assert manifest["versions"] == VERSIONS
    assert manifest["files"]["model.safetensors"]["size"] == 1000


def test_there_is_none_at_first(tmp_path: Path) -> None:
    assert Checkpoints(tmp_path / "checkpoints").newest() is None


def test_the_last_three_are_kept(tmp_path: Path) -> None:
    store = saved(tmp_path, 1, 2, 3, 4, 5)
    assert KEEP == 3
    assert names(store) == ["000003", "000004", "000005"]


def test_a_million_steps_are_more_than_nine_hundred_thousand(tmp_path: Path) -> None:
    store = saved(tmp_path, 999_998, 999_999, 1_000_000, 1_000_001)
    assert newest(store) == "1000001"
    assert names(store) == ["1000000", "1000001", "999999"]


def test_a_second_state_of_the_same_step_never_endangers_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = saved(tmp_path, 12)
    old = store.newest()
    monkeypatch.setattr(os, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        store.save(12, contents(13), VERSIONS)
    assert store.newest() == old
    monkeypatch.undo()
    store.save(12, contents(13), VERSIONS)
    assert newest(store) == "000012.1"
    store.save(13, contents(14), VERSIONS)
    assert newest(store) == "000013"


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
@pytest.mark.parametrize("file", ["model.safetensors", "state.json", MANIFEST])
def test_a_damaged_one_is_not_used(tmp_path: Path, damage: Callable[[Path], None], file: str) -> None:
    store = saved(tmp_path, 1, 2)
    damage(store.folder / "000002" / file)
    if file == MANIFEST and damage is flip:  # the flip may land in a version, which is nobody's promise
        (store.folder / "000002" / file).write_bytes(b'{"files": {"model.safetensors": {"size": 1}}}')
    assert not verifies(store.folder / "000002")
    assert newest(store) == "000001"


def test_the_one_just_saved_stays_whatever_lies_beyond_it(tmp_path: Path) -> None:
    store = saved(tmp_path, 100, 200, 300)
    for path in store.folder.iterdir():
        truncate(path / "model.safetensors")
    for step in (10, 20):
        assert verifies(store.save(step, contents(step), VERSIONS))
    assert newest(store) == "000020"


def test_what_lies_beyond_the_one_taken_up_is_set_aside(tmp_path: Path) -> None:
    store = saved(tmp_path, 100, 200, 300)
    for name in ("000200", "000300"):
        truncate(store.folder / name / "model.safetensors")
    store.set_aside_beyond(store.newest())
    assert names(store) == ["000100", "000200.unread", "000300.unread"]
    for step in (110, 120):
        store.save(step, contents(step), VERSIONS)
    assert names(store) == ["000100", "000110", "000120", "000200.unread", "000300.unread"]


def test_a_run_that_begins_anew_sets_all_aside_and_forgets_those_of_the_last_time(tmp_path: Path) -> None:
    store = saved(tmp_path, 1, 2)
    store.set_aside_beyond(None)
    store.save(2, contents(2), VERSIONS)
    store.set_aside_beyond(store.newest())
    assert names(store) == ["000001.unread", "000002", "000002.unread"]
    store.set_aside_beyond(None)
    assert names(store) == ["000002.unread"]
    Checkpoints(tmp_path / "absent").set_aside_beyond(None)


@pytest.mark.parametrize("manifest", ["", "[]", "null", '{"files": 3}', '{"files": {"../../x": {}}}', "\x00"])
def test_a_manifest_that_is_none_verifies_nothing(tmp_path: Path, manifest: str) -> None:
    store = saved(tmp_path, 1)
    (store.folder / "000001" / MANIFEST).write_text(manifest)
    assert store.newest() is None


def test_other_folders_are_nobody_s_checkpoints(tmp_path: Path) -> None:
    store = saved(tmp_path, 1)
    for name in ("2.old", "7x", "notes", "3."):
        (store.folder / name).mkdir()
    assert newest(store) == "000001"


def test_what_an_interrupted_save_left_is_tidied(tmp_path: Path) -> None:
    store = saved(tmp_path, 1)
    stray = store.folder / ".000002.abcd.tmp"
    stray.mkdir()
    (stray / "model.safetensors").write_bytes(b"half")
    assert newest(store) == "000001"
    store.tidy()
    assert names(store) == ["000001"]


class Refusing:
    """Lets `allowed` calls of the disk pass, then refuses: once, or from then on."""

    def __init__(self, allowed: int, number: int, for_ever: bool) -> None:
        self.allowed, self.number, self.for_ever, self.calls = allowed, number, for_ever, 0

    def guard(self, call: Callable[..., object]) -> Callable[..., object]:
        def guarded(*arguments: object, **options: object) -> object:
            self.calls += 1
            if self.calls == self.allowed + 1 or (self.for_ever and self.calls > self.allowed):
                raise OSError(self.number, os.strerror(self.number))
            return call(*arguments, **options)

        return guarded

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("fsync", "rename"):
            monkeypatch.setattr(os, name, self.guard(getattr(os, name)))
        monkeypatch.setattr(Path, "mkdir", self.guard(Path.mkdir))
        write = self.guard(files.write_and_sync)
        monkeypatch.setattr(room, "write_and_sync", write)


# mkdir twice; for each of three files the write and its fsync; the folder's fsync; rename; the parent's fsync
DISK_CALLS = 2 + 3 * 2 + 3


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("allowed", range(DISK_CALLS))
@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "could not be written"), (errno.EACCES, "could not be written")],
)
def test_a_disk_that_refuses_any_call_is_told_of_and_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int, number: int, words: str, for_ever: bool
) -> None:
    store = saved(tmp_path, 1)
    Refusing(allowed, number, for_ever).install(monkeypatch)
    with pytest.raises(FinetunerError, match=words) as refusal:
        store.save(2, contents(2), VERSIONS)
    monkeypatch.undo()
    assert "resume the run" in refusal.value.next_step
    assert newest(store) in ("000001", "000002")
    assert [name for name in names(store) if name.startswith(".")] == []


def test_the_loop_above_reaches_every_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = saved(tmp_path, 1)
    counting = Refusing(10**9, errno.ENOSPC, False)
    counting.install(monkeypatch)
    store.save(2, contents(2), VERSIONS)
    assert counting.calls == DISK_CALLS


STRANGE = {
    "nothing": {},
    "a file elsewhere": {"../../passwd": {"size": 1, "sha256": ""}},
    "a device": {"/dev/zero": {"size": 1, "sha256": ""}},
    "another size": {"model.safetensors": {"size": 2**40, "sha256": ""}},
    "no facts": {"model.safetensors": None},
}


@pytest.mark.parametrize("files", STRANGE)
def test_a_strangers_manifest_verifies_nothing(tmp_path: Path, files: str) -> None:
    store = saved(tmp_path, 1)
    manifest = store.folder / "000001" / MANIFEST
    manifest.write_text(json.dumps({"files": STRANGE[files]}))
    assert store.newest() is None


def test_a_link_is_no_checkpoints_file(tmp_path: Path) -> None:
    store = saved(tmp_path / "checkpoints", 1)
    model = store.folder / "000001" / "model.safetensors"
    model.rename(tmp_path / "model")
    model.symlink_to(tmp_path / "model")
    assert store.newest() is None


def test_only_what_the_manifest_names_is_read(tmp_path: Path) -> None:
    store = saved(tmp_path, 1)
    (store.folder / "000001" / "stray").write_text("x")
    newest = store.newest()
    assert newest
    assert read_folder(newest) == contents(1)
