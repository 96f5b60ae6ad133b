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


def write_output(target: Path, content: bytes) -> None:
    """Write a small result to a place that somebody named: behind a link, or straight into a pipe or a device.

    Raises OSError, leaving an old file.
    """
    if is_special(target):
        target.write_bytes(content)  # nothing can take its place without destroying it
    else:
        write_bytes(behind_links(target), content)


def behind_links(target: Path) -> Path:
    """The file that a link stands for, so that the link stays; any other path as it is."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def is_special(target: Path) -> bool:
    """Whether something stands there that is neither a file nor a folder: a pipe, a device."""
    return target.exists() and not target.is_file() and not target.is_dir()


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path beside `target`, for whoever writes (and syncs) a file by name; then it takes the target's place.

    A link there is replaced, not followed: a folder that was handed over may hold one to elsewhere.
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
