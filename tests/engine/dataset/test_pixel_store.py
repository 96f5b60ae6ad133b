import os
import sqlite3
from pathlib import Path

import filelock
import numpy as np
import pytest

from finetuner.engine import paths
from finetuner.engine.dataset import pixel_store as module
from finetuner.engine.dataset.pixel_store import LastingStore, PassingStore, Store, opened, tidy

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
    monkeypatch.setattr(module, "BUDGET", 100)
    with opened("view", SIDE, 2) as store:
        assert isinstance(store, PassingStore)


def test_the_longest_unused_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, view in enumerate(("old", "middle", "new")):
        keep(1, 2, view=view)
        os.utime(paths.cache_dir() / "pixels" / view, (number, number))
    size = sum(file.stat().st_size for file in (paths.cache_dir() / "pixels" / "new").iterdir())
    tidy(paths.cache_dir() / "pixels", 2 * size)
    assert [found(1, view=view) for view in ("old", "middle", "new")] == [[], [1], [1]]


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
        monkeypatch.setattr(module, "_ADD", "INSERT INTO nowhere VALUES (?, ?, ?)")
    assert (store.squares[row] == 1).all()
    monkeypatch.undo()
    with sqlite3.connect(folder / "index.sqlite") as index:
        assert index.execute("SELECT count(*) FROM squares").fetchone() == (0,)
    index.close()
