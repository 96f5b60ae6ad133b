"""Features kept between runs: rows of a frozen network, found again by the content of the image.

One SQLite file for each network and view. SQLite keeps it whole when a process is killed, and lets several use it.
A file that is damaged all the same is thrown away: everything in it can be computed again.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from finetuner.engine import paths
from finetuner.engine.backbones.network import Network

BUDGET = 2 * 2**30
"""Bytes that all features together may take; the longest unused give way."""
_FORMAT = 2
_PATIENCE = 60.0  # seconds to wait for another process that writes
_CREATE = "CREATE TABLE IF NOT EXISTS features (content TEXT PRIMARY KEY, row BLOB) WITHOUT ROWID"
_FIND = "SELECT row FROM features WHERE content = ?"
_ADD = "INSERT OR REPLACE INTO features VALUES (?, ?)"

Rows = NDArray[np.float32]


class FeatureStore:
    """The rows of one frozen network for one view of the images."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._create()
        except sqlite3.DatabaseError:
            file.unlink()
            self._create()
        os.utime(file)

    def find(self, contents: Sequence[str]) -> Rows | None:
        """n,F: the rows of the images with these SHA-256 sums; None unless all of them are here."""
        try:
            with self._open() as database:
                found = [
                    database.execute("SELECT row FROM features WHERE content = ?", [c]).fetchone() for c in contents
                ]
        except sqlite3.DatabaseError:
            return None
        return np.stack([np.frombuffer(row, "<f4") for (row,) in found]) if all(found) else None

    def add(self, contents: Sequence[str], rows: Rows) -> None:
        """Keep the rows n,F of these images. Without room on the disk they are not kept; nobody depends on it."""
        pairs = ((content, row.astype("<f4").tobytes()) for content, row in zip(contents, rows, strict=True))
        with suppress(sqlite3.DatabaseError), self._open() as database:
            database.executemany(_ADD, pairs)

    def _create(self) -> None:
        with self._open() as database:
            database.execute(_CREATE)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        database = sqlite3.connect(self.file, timeout=_PATIENCE)
        try:
            with database:
                yield database
        finally:
            database.close()


def store_of(network: Network, view: str, precision: str, device: torch.device) -> FeatureStore:
    """The store for this network as it is now, its head aside. `view`: how its input is cut from an image."""
    folder = paths.cache_dir() / "features"
    store = FeatureStore(folder / f"{_key(network, view, precision, device)}.sqlite")
    tidy(folder, BUDGET)
    return store


def tidy(folder: Path, budget: int) -> None:
    """Remove the stores that were not used for longest until the rest fits into `budget` bytes."""
    total = 0
    for file in sorted(folder.glob("*.sqlite"), key=lambda file: file.stat().st_mtime, reverse=True):
        total += file.stat().st_size
        if total > budget:
            with suppress(PermissionError):  # Windows, while another process uses it
                file.unlink(missing_ok=True)


def _key(network: Network, view: str, precision: str, device: torch.device) -> str:
    """A hash of everything that a feature depends on besides the image."""
    facts = [_FORMAT, torch.__version__, view, precision, device.type, network.preprocessing.model_dump(mode="json")]
    digest = hashlib.sha256(json.dumps(facts).encode())
    for name, tensor in sorted(network.model.state_dict().items()):
        if not name.startswith(f"{network.head_name}."):
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
            digest.update(_bytes(tensor))
    return digest.hexdigest()[:32]


def _bytes(tensor: Tensor) -> bytes:
    return bytes(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
