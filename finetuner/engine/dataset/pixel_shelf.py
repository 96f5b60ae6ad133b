"""The pixel stores of this machine: one for each way in which images are cut and resized, all within a budget."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import filelock

from finetuner.engine import paths
from finetuner.engine.dataset.pixel_store import LastingStore, PassingStore, Store

BUDGET = 8 * 2**30
"""Bytes that all stores together may take, and at most a tenth of the disk; the longest unused give way."""


@contextmanager
def opened(view: str, side: int, room: int) -> Iterator[Store]:
    """The store of a view, a way in which images are cut and resized, with room for `room` more squares.

    Raises FinetunerError when the disk is full.
    """
    stores, needed = paths.cache_dir() / "pixels", room * side * side * 3
    lock = filelock.FileLock(stores / f"{view}.lock", thread_local=False)
    if not needed or needed > _budget() // 2 or not _taken(lock):
        yield PassingStore(side, room)
        return
    try:
        with closing(_store(stores / view, side, room)) as store:
            yield store
    finally:
        lock.release()


def _store(folder: Path, side: int, room: int) -> LastingStore | PassingStore:
    """The store in a folder that is ours; one that passes where that is too large and cannot give way.

    Also where another process takes the folder away at this moment, which it may have measured before it was used.
    """
    allowed = _budget() - room * side * side * 3
    with suppress(OSError, sqlite3.DatabaseError):
        folder.mkdir(exist_ok=True)
        os.utime(folder)
        tidy(folder.parent, allowed)
        folder.mkdir(exist_ok=True)  # it may have been too large itself
        if _size(folder) <= allowed:
            return LastingStore(folder, side, room)
    return PassingStore(side, room)


def tidy(stores: Path, budget: int) -> None:
    """Remove the stores that were not used for longest until the rest fits into `budget` bytes.

    What another process takes away meanwhile takes no room.
    """
    total = 0
    for folder in sorted(filter(Path.is_dir, stores.iterdir()), key=_last_used, reverse=True):
        total += _size(folder)
        if total > budget:
            _remove(folder)


def _last_used(folder: Path) -> float:
    with suppress(OSError):
        return folder.stat().st_mtime
    return 0


def _size(folder: Path) -> int:
    """In bytes, with rows that the index does not name any more."""
    total = 0
    with suppress(OSError):
        for file in folder.iterdir():
            with suppress(OSError):  # a journal comes and goes while another process adds
                total += file.stat().st_size
    return total


def _remove(folder: Path) -> None:
    """Moved away first: where another process has it open, Windows refuses that, and everything stays."""
    gone = folder.with_name(f".{folder.name}.gone")
    with suppress(OSError):
        folder.rename(gone)
        shutil.rmtree(gone)


def _budget() -> int:
    """In bytes, on the disk where the stores are."""
    folder = paths.cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return min(BUDGET, shutil.disk_usage(folder).total // 10)


def _taken(lock: filelock.BaseFileLock) -> bool:
    Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return False
    return True
