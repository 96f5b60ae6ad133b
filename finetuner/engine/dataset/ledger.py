"""What earlier scans found out about files, so that a file is decoded and hashed once, not before every training.

A usable image is remembered by its path together with its inode, size, modification and change time; when one
of them differs, it is looked at again. Labels are not kept: they belong to the layout, not to the file.
"""

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

import PIL

from finetuner.engine.dataset.candidate import Candidate
from finetuner.engine.dataset.check import Checked, check
from finetuner.engine.events import ScannedImage, ScanProblem
from finetuner.engine.files import write_text
from finetuner.engine.paths import cache_dir

VERSION = f"1, Pillow {PIL.__version__}"
"""Another number where the rule of decoding or hashing changes: older entries are then forgotten."""
SETTLED_NS = 2_000_000_000
"""A file changed so recently could change again without its times telling: it is not remembered yet."""


class Ledger:
    """The memory of one data set. `check` may be called from several threads."""

    def __init__(self, data: Path) -> None:
        self._file = _place(data)
        self._known = _read(self._file)
        self._current: dict[str, Any] = {}
        self._news = False

    def check(self, candidate: Candidate) -> Checked | ScanProblem:
        """What is known of the file if it is unchanged, else what `check.check` finds out now."""
        stamp = _stamp(candidate)
        known = self._known.get(candidate.path)
        if stamp and known and known["stamp"] == stamp:
            self._current[candidate.path] = known
            return _restored(candidate, known)
        result = check(candidate)
        if isinstance(result, Checked) and stamp and time.time_ns() - max(stamp[2:]) >= SETTLED_NS:
            self._current[candidate.path] = _entry(stamp, result)
            self._news = True
        return result

    def save(self, complete: bool) -> None:
        """Keep it for the next scan; after a complete one, files that are gone are forgotten. Raises OSError."""
        entries = self._current if complete else self._known | self._current
        if self._news:
            write_text(self._file, json.dumps({"version": VERSION, "files": entries}))


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


def _is_whole(entry: dict[str, Any]) -> bool:
    return {"stamp", "width", "height", "format", "content", "look", "remarks"} <= entry.keys()


def _stamp(candidate: Candidate) -> list[int] | None:
    """Inode, size, modification and change time; None for what is not looked at, or cannot be."""
    if candidate.reason:
        return None
    try:
        status = os.stat(candidate.path)
    except OSError:
        return None
    return [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _entry(stamp: list[int], checked: Checked) -> dict[str, Any]:
    facts = checked.image.model_dump(include={"width", "height", "format", "content"})
    return {"stamp": stamp, **facts, "look": checked.look, "remarks": checked.remarks}


def _restored(candidate: Candidate, known: dict[str, Any]) -> Checked:
    image = ScannedImage(
        path=candidate.path,
        label=candidate.label,
        split=candidate.split,
        group=known["content"],
        **{fact: known[fact] for fact in ("width", "height", "format", "content")},
    )
    return Checked(image, known["look"], tuple(known["remarks"]))
