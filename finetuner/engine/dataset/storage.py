"""Room on the disk for squares of pixels, mapped into memory."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from finetuner.engine import paths
from finetuner.engine.errors import FinetunerError

Squares = NDArray[np.uint8]
"""N,R,R,3."""


def passing(count: int, side: int) -> Squares:
    """Room in a nameless file, of which nothing is left behind, even after kill -9.

    Raises FinetunerError when the disk is full.
    """
    folder = paths.cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        return _mapped(file.fileno(), file, count, side, folder)


def lasting(file: Path, count: int, side: int) -> Squares:
    """The squares in a file, with room for `count` in all.

    Raises FinetunerError when the disk is full, FileNotFoundError when the folder is gone.
    """
    with open(file, "ab+") as opened:
        return _mapped(opened.fileno(), file, count, side, file.parent)


def _mapped(descriptor: int, file: object, count: int, side: int, folder: Path) -> Squares:
    shape = (max(count, 1), side, side, 3)
    try:
        _reserve(descriptor, int(np.prod(shape)), folder)
        return np.memmap(file, dtype=np.uint8, mode="r+", shape=shape)  # type: ignore[call-overload]
    except FileNotFoundError:  # another process has taken the folder away, which has nothing to do with room
        raise
    except OSError as error:
        raise FinetunerError(
            f"There is no room for {np.prod(shape) / 2**20:.0f} MB of decoded images in {folder}.",
            "Free some space, or choose a smaller image size.",
        ) from error


def _reserve(descriptor: int, size: int, folder: Path) -> None:
    """Take the room now: a write into a mapping for which the disk has none would end the process with SIGBUS."""
    before = os.fstat(descriptor).st_size
    if size - before > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    try:
        _lengthen(descriptor, before, size)
    except OSError:
        os.ftruncate(descriptor, before)  # else the file would keep what room there was
        raise


def _lengthen(descriptor: int, before: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    elif before < size:
        os.ftruncate(descriptor, size)
