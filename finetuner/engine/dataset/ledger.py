"""What earlier scans found out about files, so that a file is decoded and hashed once, not before every training.

A usable image is remembered by its path together with its inode, size, modification and change time; when one
of them differs, it is looked at again. Labels are not kept: they belong to the layout, not to the file.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import PIL

from finetuner.engine.dataset.check import Facts
from finetuner.engine.files import write_text
from finetuner.engine.paths import cache_dir

VERSION = f"2, Pillow {PIL.__version__}"
"""Another number where the rule of decoding or hashing changes: older entries are then forgotten."""
SETTLED_NS = 2_000_000_000
"""A file changed so recently could change again without its times telling: it is not remembered yet."""


class Stamp(NamedTuple):
    """What changes with a file; times in nanoseconds, size in bytes."""

    inode: int
    size: int
    modified: int
    changed: int


class Ledger:
    """The memory of one data set. An entry is the pair (stamp, facts)."""

    def __init__(self, data: Path) -> None:
        self._file = _place(data)
        self._known = _read(self._file)
        self._current: dict[str, Any] = {}
        self._news = False

    def recall(self, path: str, stamp: Stamp | None) -> Facts | None:
        """What is known of the file, if this is still its stamp."""
        entry = self._known.get(path)
        if entry is None or stamp is None or tuple(entry[0]) != stamp:
            return None
        self._current[path] = entry
        width, height, format, content, look, remarks = entry[1]
        return Facts(width, height, format, content, look, tuple(remarks))

    def learn(self, path: str, stamp: Stamp, facts: Facts, at: int) -> None:
        """Remember facts of a file that was stamped and then looked at, beginning `at` (nanoseconds since 1970)."""
        if at - max(stamp.modified, stamp.changed) >= SETTLED_NS:
            self._current[path] = (stamp, facts)
            self._news = True

    def save(self, complete: bool) -> None:
        """Keep it for the next scan; after a complete one, files that are gone are forgotten. Raises OSError."""
        entries = self._current if complete else self._known | self._current
        if self._news:
            write_text(self._file, json.dumps({"version": VERSION, "files": entries}))


def stamp_of(path: str) -> Stamp | None:
    """The file's stamp now; None when it cannot be had."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _place(data: Path) -> Path:
    name = hashlib.sha256(os.fsencode(os.path.realpath(data))).hexdigest()[:24]
    return cache_dir() / "scans" / f"{name}.json"


def _read(file: Path) -> dict[str, Any]:
    """The entries on disk; none when there are none, or they are damaged or of another version."""
    try:
        kept = json.loads(file.read_bytes())
        if kept["version"] != VERSION:
            return {}
        return {path: entry for path, entry in kept["files"].items() if _is_whole(entry)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is_whole(entry: list[Any]) -> bool:
    stamp, facts = entry
    return len(stamp) == len(Stamp._fields) and len(facts) == len(Facts._fields)
