"""Decoded pixels that outlast a run: squares of one size in one file, found again by the content of their image.

The index (SQLite) names only what has been written whole, each square with its checksum, so that neither a kill nor a
power cut at any moment leaves a wrong picture: at worst some are decoded again. One process at a time adds to a store;
another one meanwhile keeps its squares for itself. A process that has closed a store reads on in its map, also squares
that the index does not name. So the index bears a mark besides: the first row that nobody reads. Nothing is written or
cut off below it.
"""

import os
import sqlite3
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.dataset.storage import Squares, lasting, passing

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

    def close(self) -> None:
        """Nor is there anything to give back."""


class LastingStore:
    """The squares in a folder, with room for some more."""

    def __init__(self, folder: Path, side: int, room: int) -> None:
        self._index_file, self._file, self._record = folder / "index.sqlite", folder / "squares.bin", side * side * 3
        self._known, first = self._read()
        self._free = iter(range(first, first + room))
        self._news: deque[tuple[str, int, int]] = deque()
        self.squares = lasting(self._file, first + room, side)

    def find(self, content: str) -> int | None:
        """Its row, if the checksum holds."""
        row, checksum = self._known.get(content, (-1, 0))
        return row if row >= 0 and _checksum(self.squares[row]) == checksum else None

    def add(self, content: str, square: NDArray[np.uint8]) -> int:
        """Write it; the index follows with `note`. Without a content it will not be found."""
        self.squares[row := next(self._free)] = square
        if content:
            checksum = _checksum(square)
            self._news.append((content, row, checksum))
        return row

    def note(self) -> None:
        """Name in the index what was added. Without room for that it is not kept; nobody depends on it."""
        news = [self._news.popleft() for _ in range(len(self._news))]  # other threads add meanwhile
        with suppress(sqlite3.DatabaseError), _opened(self._index_file) as index:
            index.executemany(_ADD, news)

    def close(self) -> None:
        """Give back room that was not needed, and keep the rest from whoever opens the store next."""
        self.note()
        unread = next(self._free, len(self.squares))
        with suppress(OSError):  # Windows, while it is mapped
            os.truncate(self._file, max(unread, 1) * self._record)
        self._mark(unread)

    def _read(self) -> tuple[dict[str, tuple[int, int]], int]:
        """All that the index names, and the first row that nobody reads. A new or damaged index names nothing."""
        try:
            with _opened(self._index_file) as index:
                known = {content: (row, checksum) for content, row, checksum in index.execute("SELECT * FROM squares")}
                mark: int = index.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            return {}, self._begun_anew()
        return known, max(mark, 1 + max((row for row, _ in known.values()), default=-1))  # a kill leaves rows unmarked

    def _begun_anew(self) -> int:
        """An empty index and a file of its own, as others may read all of the old one; the first row."""
        self._index_file.unlink(missing_ok=True)
        with suppress(OSError):  # Windows, while it is mapped: then it goes on behind its end
            self._file.unlink()
        first = -(-self._file.stat().st_size // self._record) if self._file.exists() else 0
        with _opened(self._index_file) as index:
            index.execute(f"PRAGMA user_version = {first}")  # before the table: without one, all is begun anew
            index.execute(_CREATE)
        return first

    def _mark(self, unread: int) -> None:
        """Let the next process begin there. Without room for that the index goes, and the next begins anew."""
        try:
            with _opened(self._index_file) as index:
                index.execute(f"PRAGMA user_version = {unread}")
        except sqlite3.DatabaseError:
            with suppress(OSError):  # gone already, with its folder
                self._index_file.unlink()


def _checksum(square: NDArray[np.uint8]) -> int:
    return zlib.crc32(np.ascontiguousarray(square).data)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """One transaction."""
    database = sqlite3.connect(file)
    try:
        with database:
            yield database
    finally:
        database.close()
