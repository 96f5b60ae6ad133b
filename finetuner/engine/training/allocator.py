"""Freed memory stays with the process while it trains.

glibc hands every large piece back to the system at once and is given it again, page by page and zeroed, a moment later:
a training step of a small network on a CPU then spends a third of its time in page faults (docs/performance.md).
"""

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

# parameters of mallopt(3), and the values that glibc starts with
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_STARTING_VALUE = 128 * 1024
_ALL = 2**31 - 1


@contextmanager
def memory_kept() -> Iterator[None]:
    """Within the block freed memory is kept for the next step; at its end all of it goes back to the system."""
    if platform.libc_ver()[0] != "glibc":  # other systems' allocators keep it by themselves
        yield
        return
    _thresholds(_ALL)
    try:
        yield
    finally:
        _thresholds(_STARTING_VALUE)
        _libc().malloc_trim(0)


def _thresholds(size: int) -> None:
    """From how many bytes on a piece comes from the system, and how many free ones may lie at the heap's end."""
    _libc().mallopt(_MMAP_THRESHOLD, size)
    _libc().mallopt(_TRIM_THRESHOLD, size)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
