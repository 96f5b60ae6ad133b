"""How a file is written: a temporary beside the target, fsync, rename. Old or new, nothing else. And what it holds."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_bytes(target: Path, content: bytes) -> None:
    """Replace `target` with `content` atomically and durably. Raises OSError, leaving the old file."""
    with replacing(target) as temporary:
        write_and_sync(temporary, content)


def write_text(target: Path, text: str) -> None:
    """As `write_bytes`, in UTF-8; surrogate-escaped file names survive."""
    write_bytes(target, text.encode("utf-8", "surrogateescape"))


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path beside `target`, for whoever writes (and syncs) a file by name; then it takes the target's place.

    Raises OSError, leaving the old file.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Force the content of a file to the disk."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal. Raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_and_sync(path: Path, content: bytes) -> None:
    """Write a new file and force it to the disk."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk, where the system can (Windows cannot)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
