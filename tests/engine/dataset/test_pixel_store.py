import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import pytest

from finetuner.engine import paths
from finetuner.engine.dataset import pixel_shelf as shelf
from finetuner.engine.dataset import pixel_store as store_module
from finetuner.engine.dataset.pixel_shelf import opened, tidy
from finetuner.engine.dataset.pixel_store import LastingStore, PassingStore, Store

SIDE = 4


def square(value: int) -> np.ndarray:
    return np.full((SIDE, SIDE, 3), value, np.uint8)


def keep(*values: int, view: str = "view") -> None:
    with opened(view, SIDE, len(values)) as store:
        for value in values:
            store.add(str(value), square(value))


def found(*values: int, view: str = "view") -> list[int]:
    """Of these, the ones that another run finds, and finds right."""
    with opened(view, SIDE, 1) as store:
        rows = {value: store.find(str(value)) for value in values}
        assert all((store.squares[row] == value).all() for value, row in rows.items() if row is not None)
        return [value for value, row in rows.items() if row is not None]


@pytest.fixture
def folder() -> Path:
    return paths.cache_dir() / "pixels" / "view"


def test_what_was_kept_is_found() -> None:
    keep(1, 2)
    keep(3)
    assert found(1, 2, 3, 4) == [1, 2, 3]


def test_each_view_has_its_own() -> None:
    keep(1)
    assert found(1, view="other") == []


def test_room_that_was_not_needed_is_given_back(folder: Path) -> None:
    with opened("view", SIDE, 1000) as store:
        store.add("1", square(1))
    assert (folder / "squares.bin").stat().st_size == SIDE * SIDE * 3


def test_what_has_no_content_is_not_found() -> None:
    with opened("view", SIDE, 1) as store:
        row = store.add("", square(7))
        assert (store.squares[row] == 7).all()
    with opened("view", SIDE, 1) as store:
        assert store.find("") is None


def test_a_square_that_was_not_written_whole_is_decoded_again(folder: Path) -> None:
    """As after a power cut: the index has reached the disk, the pixels have not."""
    keep(1, 2, 3)
    with open(folder / "squares.bin", "r+b") as file:
        file.seek(SIDE * SIDE * 3)
        file.write(bytes(5))
    assert found(1, 2, 3) == [1, 3]


def test_a_file_that_lost_its_end_is_no_trouble(folder: Path) -> None:
    keep(1, 2, 3)
    os.truncate(folder / "squares.bin", SIDE * SIDE * 3)
    assert found(1, 2, 3) == [1]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(200)])
def test_a_damaged_index_is_begun_anew(folder: Path, content: bytes) -> None:
    keep(1)
    (folder / "index.sqlite").write_bytes(content)
    assert found(1) == []
    keep(1)
    assert found(1) == [1]


def test_rows_that_the_index_does_not_name_are_left_to_who_reads_them(folder: Path) -> None:
    """A file that changed, or the last of several copies: the next process neither cuts it off nor writes over it."""
    with opened("view", SIDE, 3) as store:
        rows = [store.add(content, square(value)) for content, value in (("1", 1), ("2", 2), ("", 3))]
    assert found(4) == []
    assert (folder / "squares.bin").stat().st_size >= 3 * SIDE * SIDE * 3
    keep(4)
    assert [int(store.squares[row].max()) for row in rows] == [1, 2, 3]
    assert found(1, 2, 4) == [1, 2, 4]


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_who_reads_keeps_its_squares_when_the_index_is_damaged(folder: Path, content: bytes | None) -> None:
    with opened("view", SIDE, 2) as store:
        rows = [store.add("1", square(1)), store.add("", square(2))]
    (folder / "index.sqlite").unlink() if content is None else (folder / "index.sqlite").write_bytes(content)
    keep(5, 6)
    assert [int(store.squares[row].max()) for row in rows] == [1, 2]
    assert found(1, 5, 6) == [5, 6]


def test_squares_that_cannot_be_moved_are_left_where_they_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to remove a file that is mapped; also a kill lets nobody write there."""
    with opened("view", SIDE, 2) as store:
        rows = [store.add("1", square(1)), store.add("", square(2))]
    (folder / "index.sqlite").write_bytes(b"no database")
    refused(monkeypatch, folder / "squares.bin")
    LastingStore(folder, SIDE, 1).add("7", square(7))
    keep(5, 6)
    assert [int(store.squares[row].max()) for row in rows] == [1, 2]
    assert found(1, 5, 6) == [5, 6]


def refused(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == file:
            raise PermissionError(13, "in use")
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)


@pytest.mark.parametrize("mapped", [False, True])
def test_without_room_for_the_mark_nobody_s_squares_are_touched(
    folder: Path, monkeypatch: pytest.MonkeyPatch, mapped: bool
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch, opened("view", SIDE, 2) as store:
        rows = [store.add("1", square(1)), store.add("2", square(2))]
        patch.setattr(store_module, "_opened", full)
    if mapped:
        refused(monkeypatch, folder / "squares.bin")
    with opened("view", SIDE, 2) as another:
        others = [another.add(str(value), square(value)) for value in (5, 6)]
    assert [int(store.squares[row].max()) for row in rows] == [1, 2]
    assert [int(another.squares[row].max()) for row in others] == [5, 6]


def test_a_square_added_during_a_note_is_noted_later(monkeypatch: pytest.MonkeyPatch) -> None:
    real = store_module._checksum
    with opened("view", SIDE, 2) as store, monkeypatch.context() as patch:
        store.add("1", square(1))
        patch.setattr(store_module, "_checksum", lambda pixels: (store.note(), real(pixels))[1])
        store.add("2", square(2))
    assert found(1, 2) == [1, 2]


def test_a_kill_takes_no_room_for_ever(folder: Path) -> None:
    folder.mkdir(parents=True)
    for _ in range(3):
        LastingStore(folder, SIDE, 1000).add("", square(1))
    with opened("view", SIDE, 1) as store:
        assert store.add("1", square(1)) == 0


@pytest.mark.parametrize("held", [False, True])
def test_rows_that_nobody_finds_stay_within_the_budget(monkeypatch: pytest.MonkeyPatch, held: bool) -> None:
    """Also where Windows lets no store give way, as another process reads it."""
    monkeypatch.setattr(shelf, "BUDGET", 100_000)
    if held:
        monkeypatch.setattr(shelf, "_remove", lambda folder: None)
    for _ in range(30):
        with opened("view", 64, 2) as store:
            rows = [store.add("", np.full((64, 64, 3), 9, np.uint8)) for _ in range(2)]
            assert (store.squares[rows] == 9).all()
        assert shelf._size(paths.cache_dir() / "pixels" / "view") <= 100_000
    assert isinstance(store, PassingStore) or not held


def test_without_a_note_a_kill_loses_the_news_alone(folder: Path) -> None:
    keep(1)
    store = LastingStore(folder, SIDE, 2)
    store.add("2", square(2))
    store.note()
    store.add("3", square(3))
    assert found(1, 2, 3) == [1, 2]


def test_a_second_process_keeps_its_squares_for_itself() -> None:
    keep(1)
    lock = filelock.FileLock(paths.cache_dir() / "pixels" / "view.lock")
    with lock, opened("view", SIDE, 1) as store:
        assert isinstance(store, PassingStore)
        assert store.find("1") is None
        assert (store.squares[store.add("2", square(2))] == 2).all()
    assert found(1, 2) == [1]


def test_a_set_too_large_for_the_budget_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "BUDGET", 100)
    with opened("view", SIDE, 2) as store:
        assert isinstance(store, PassingStore)


def test_the_longest_unused_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, view in enumerate(("old", "middle", "new")):
        keep(1, 2, view=view)
        os.utime(paths.cache_dir() / "pixels" / view, (number, number))
    size = sum(file.stat().st_size for file in (paths.cache_dir() / "pixels" / "new").iterdir())
    tidy(paths.cache_dir() / "pixels", 2 * size)
    assert [found(1, view=view) for view in ("old", "middle", "new")] == [[], [1], [1]]


@pytest.mark.parametrize("question", ["is_dir", "iterdir"])
def test_a_store_that_another_process_tidies_away_is_gone(monkeypatch: pytest.MonkeyPatch, question: str) -> None:
    """Before its time is asked for, or its size."""
    keep(1, view="other")
    keep(1, view="taken")
    real = getattr(Path, question)

    def then_taken(path: Path) -> object:
        answer = real(path)
        if path.name == "taken":
            shelf._remove(path)
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Path, question, then_taken)
        tidy(paths.cache_dir() / "pixels", 0)
    assert [path for path in (paths.cache_dir() / "pixels").iterdir() if path.is_dir()] == []


@pytest.mark.skipif(os.name == "nt", reason="a link needs a right of its own there")
def test_a_journal_that_goes_while_a_store_is_measured_hides_nothing(folder: Path) -> None:
    keep(1, 2)
    size = shelf._size(folder)
    for number in range(5):
        (folder / f"{number}-journal").symlink_to("gone")
    assert shelf._size(folder) == size > 2 * SIDE * SIDE * 3


@pytest.mark.parametrize(
    ("where", "step"), [(os, "utime"), (sqlite3, "connect"), (store_module, "lasting"), (shutil, "disk_usage")]
)
def test_a_store_that_is_taken_away_while_it_is_opened_costs_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, where: object, step: str
) -> None:
    keep(1)
    real = getattr(where, step)

    def taken(*known: Any) -> object:
        shelf._remove(folder)
        return real(*known)

    with monkeypatch.context() as patch:
        patch.setattr(where, step, taken)
        with opened("view", SIDE, 1) as store:
            assert (store.squares[store.add("2", square(2))] == 2).all()
    keep(3)
    assert found(3) == [3]


def test_squares_in_use_survive_their_store() -> None:
    with opened("view", SIDE, 1) as store:
        kept: Store = store
        kept.add("1", square(1))
    tidy(paths.cache_dir() / "pixels", 0)
    assert (kept.squares[0] == 1).all()
    assert found(1) == []


def test_an_index_that_cannot_be_written_costs_nothing_else(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    with opened("view", SIDE, 1) as store:
        row = store.add("1", square(1))
        monkeypatch.setattr(store_module, "_ADD", "INSERT INTO nowhere VALUES (?, ?, ?)")
    assert (store.squares[row] == 1).all()
    monkeypatch.undo()
    with sqlite3.connect(folder / "index.sqlite") as index:
        assert index.execute("SELECT count(*) FROM squares").fetchone() == (0,)
    index.close()
