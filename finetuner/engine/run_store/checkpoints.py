"""Checkpoints: written beside their final name, synced, renamed; read only when their manifest verifies."""

import errno
import hashlib
import json
import os
import re
import shutil
import uuid
from itertools import count
from pathlib import Path

from finetuner.engine.documents import read_json
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import sync_folder, write_and_sync

MANIFEST = "MANIFEST.json"
KEEP = 3
_ASIDE = ".unread"


class Checkpoints:
    """`checkpoints/000012/`: what was known after optimiser step 12, complete or absent.

    A folder is never written twice, since removing the old one first would leave a moment without either: a later
    state of the same step (its epoch was validated meanwhile) goes into `000012.1`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, step: int, files: dict[str, bytes], versions: dict[str, str]) -> Path:
        """Write one checkpoint and forget the oldest. Raises FinetunerError when the disk refuses."""
        target = self._unused(step)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_folder(target, {**files, MANIFEST: _manifest(files, versions)})
        except OSError as error:
            raise _told(error, self.folder, files) from error
        self._prune(target)
        return target

    def newest(self) -> Path | None:
        """The newest checkpoint whose manifest verifies; None when there is none."""
        return next((path for path in reversed(self._all()) if verifies(path)), None)

    def set_aside_beyond(self, taken: Path | None) -> None:
        """Rename what lies beyond the checkpoint that a run takes up, all when it begins anew. Raises OSError.

        By its higher step it would push every new one out. It is kept until the next time: a disk that could not be
        read today may give it tomorrow.
        """
        found = self._all()
        beyond = found[found.index(taken) + 1 :] if taken else found
        if beyond:
            for old in self.folder.glob(f"[0-9]*{_ASIDE}"):
                shutil.rmtree(old, ignore_errors=True)
        for path in beyond:
            path.rename(path.with_name(path.name + _ASIDE))

    def tidy(self) -> None:
        """Remove what an interrupted save left behind."""
        for stray in self.folder.glob(".*.tmp"):
            shutil.rmtree(stray, ignore_errors=True)

    def _unused(self, step: int) -> Path:
        names = (f"{step:06d}.{number}" if number else f"{step:06d}" for number in count())
        return next(path for name in names if not (path := self.folder / name).exists())

    def _all(self) -> list[Path]:
        """By step, not by time: clocks jump."""
        found = (path for path in self.folder.glob("[0-9]*") if re.fullmatch(r"[0-9]+(\.[0-9]+)?", path.name))
        return sorted(found, key=lambda path: [int(number) for number in path.name.split(".")])

    def _prune(self, saved: Path) -> None:
        for old in self._all()[:-KEEP]:
            if old != saved:  # whatever else lies here, a state that was told as saved stays
                shutil.rmtree(old, ignore_errors=True)


def write_folder(target: Path, files: dict[str, bytes]) -> None:
    """Make a new folder `target` that holds `files`: temporary beside it, fsync each file and it, rename, fsync."""
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.mkdir(parents=True)
        for name, content in files.items():
            write_and_sync(temporary / name, content)
        sync_folder(temporary)
        os.rename(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    sync_folder(target.parent)


def verifies(checkpoint: Path) -> bool:
    """Whether every file is there with the size and SHA-256 that the manifest states."""
    try:
        files = _stated(checkpoint)
        return bool(files) and all(_matches(checkpoint / name, facts) for name, facts in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def read_folder(checkpoint: Path) -> dict[str, bytes]:
    """The files that the manifest of a verified checkpoint names. Raises OSError."""
    return {name: (checkpoint / name).read_bytes() for name in _stated(checkpoint)}


def _stated(checkpoint: Path) -> dict[str, dict[str, object]]:
    files: dict[str, dict[str, object]] = read_json(checkpoint / MANIFEST)["files"]
    if any(name != os.path.basename(name) for name in files):
        raise ValueError("a checkpoint holds its own files only")
    return files


def _matches(path: Path, facts: dict[str, object]) -> bool:
    """The size first: it tells most damage, and bounds what is read."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size != facts["size"]:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == facts["sha256"]


def _manifest(files: dict[str, bytes], versions: dict[str, str]) -> bytes:
    facts = {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()
    }
    return json.dumps({"format": 1, "files": facts, "versions": versions}, indent=1).encode()


def _told(error: OSError, folder: Path, files: dict[str, bytes]) -> FinetunerError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        needed = sum(len(content) for content in files.values()) / 2**20
        free = shutil.disk_usage(folder if folder.is_dir() else folder.parent).free / 2**20
        sentence = f"The disk is full: a checkpoint in {folder} needs {needed:.0f} MB and {free:.0f} MB are free."
        return FinetunerError(sentence, "Free some space, then resume the run: the previous checkpoint is intact.")
    return FinetunerError(
        f"The checkpoint in {folder} could not be written: {error.strerror}.",
        "Make the folder writable, then resume the run.",
    )
