"""Decoded pixels that outlast a run: squares of one size in one file, found again by the content of their image.

The index (SQLite) names only what has been written whole, each square with its checksum, so that neither a kill nor a
power cut at any moment leaves a wrong picture: at worst some are decoded again. One process at a time adds to a store;
another one meanwhile keeps its squares for itself.
"""

import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import filelock
import numpy as np
from numpy.typing import NDArray

from finetuner.engine import paths
from finetuner.engine.dataset.storage import Squares, lasting, passing

BUDGET = 8 * 2**30
"""Bytes that all stores together may take, and at most a tenth of the disk; the longest unused give way."""
_CREATE = "CREATE TABLE IF NOT EXISTS squares (content TEXT PRIMARY KEY, row INTEGER, checksum INTEGER) WITHOUT ROWID"
_ADD = "INSERT OR REPLACE INTO squares VALUES (?, ?, ?)"


class Store(Protocol):
    """Where squares are put. `find` and `add` may be called by any thread."""

    squares: Squares

    def find(self, content: str) -> int | None:
        """The row of an image's square, by the image's content; None when it is not here, or not whole."""

    def add(self, content: str, square: NDArray[np.uint8]) -> int:
        """Keep the square of an image; its row."""

    def note(self) -> None:
        """Let what was added be found later. By the thread that opened the store."""


class PassingStore:
    """Squares for this run alone."""

    def __init__(self, side: int, room: int) -> None:
        self.squares = passing(room, side)
        self._free = iter(range(room))

    def find(self, content: str) -> int | None:
        """Nothing is known."""
        return None

    def add(self, content: str, square: NDArray[np.uint8]) -> int:
        """Keep it until the end."""
        self.squares[row := next(self._free)] = square
        return row

    def note(self) -> None:
        """Nothing lasts."""


class LastingStore:
    """The squares in a folder, with room for some more."""

    def __init__(self, folder: Path, side: int, room: int) -> None:
        self._index_file, self._file, self._record = folder / "index.sqlite", folder / "squares.bin", side * side * 3
        self._known = self._read()
        first = 1 + max((row for row, _ in self._known.values()), default=-1)
        self._free = iter(range(first, first + room))
        self._news: list[tuple[str, int, int]] = []
        self.squares = lasting(self._file, first + room, side)

    def find(self, content: str) -> int | None:
        """Its row, if the checksum holds."""
        row, checksum = self._known.get(content, (-1, 0))
        return row if row >= 0 and _checksum(self.squares[row]) == checksum else None

    def add(self, content: str, square: NDArray[np.uint8]) -> int:
        """Write it; the index follows with `note`. Without a content it will not be found."""
        self.squares[row := next(self._free)] = square
        if content:
            self._news.append((content, row, _checksum(square)))
        return row

    def note(self) -> None:
        """Name in the index what was added. Without room for that it is not kept; nobody depends on it."""
        news, self._news = self._news, []
        with suppress(sqlite3.DatabaseError), _opened(self._index_file) as index:
            index.executemany(_ADD, news)

    def close(self) -> None:
        """Give back room that was not needed."""
        self.note()
        used = next(self._free, len(self.squares))
        with suppress(OSError):  # Windows, while it is mapped
            os.truncate(self._file, max(used, 1) * self._record)

    def _read(self) -> dict[str, tuple[int, int]]:
        """All that the index names; nothing of an index that is damaged."""
        try:
            with _opened(self._index_file) as index:
                index.execute(_CREATE)
                return {content: (row, checksum) for content, row, checksum in index.execute("SELECT * FROM squares")}
        except sqlite3.DatabaseError:
            self._index_file.unlink()
            return {}


@contextmanager
def opened(view: str, side: int, room: int) -> Iterator[Store]:
    """The store of a view, a way in which images are cut and resized, with room for `room` more squares.

    Raises FinetunerError when the disk is full.
    """
    stores = paths.cache_dir() / "pixels"
    folder, needed = stores / view, room * side * side * 3
    lock = filelock.FileLock(stores / f"{view}.lock", thread_local=False)
    if not needed or needed > _budget() // 2 or not _taken(lock):
        yield PassingStore(side, room)
        return
    try:
        folder.mkdir(exist_ok=True)
        os.utime(folder)
        tidy(stores, _budget() - needed)
        folder.mkdir(exist_ok=True)  # it may have been too large itself
        store = LastingStore(folder, side, room)
        try:
            yield store
        finally:
            store.close()
    finally:
        lock.release()


def tidy(stores: Path, budget: int) -> None:
    """Remove the stores that were not used for longest until the rest fits into `budget` bytes."""
    total = 0
    for folder in sorted(filter(Path.is_dir, stores.iterdir()), key=lambda each: each.stat().st_mtime, reverse=True):
        total += sum(file.stat().st_size for file in folder.iterdir())
        if total > budget:
            _remove(folder)


def _remove(folder: Path) -> None:
    """Moved away first: where another process has it open, Windows refuses that, and everything stays."""
    gone = folder.with_name(f".{folder.name}.gone")
    with suppress(OSError):
        folder.rename(gone)
        shutil.rmtree(gone)


def _checksum(square: NDArray[np.uint8]) -> int:
    return zlib.crc32(np.ascontiguousarray(square).data)


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


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """One transaction."""
    database = sqlite3.connect(file)
    try:
        with database:
            yield database
    finally:
        database.close()
