"""How much memory processes hold that is theirs alone.

Counted are anonymous pages (`RssAnon` in /proc): heaps, stacks, what torch allocates. Pages of files, mapped or cached,
are not: the system takes them back whenever it needs room, and the decoded pixels of a run lie in such a file.
"""

import threading
from pathlib import Path
from typing import Self

import psutil

_EVERY = 0.02  # seconds between two looks
_FAMILY = 50  # looks, after which new child processes are looked for


def anonymous_mb(pid: int | str = "self") -> float:
    """The anonymous memory of a process in MB (10^6 bytes); nothing of one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) * 1024 / 1e6 for line in status.splitlines() if line.startswith("RssAnon:"))


class Footprint:
    """Within its `with` block a thread looks at a process and its children; `peak_mb` is their largest sum."""

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="footprint")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        looks, over, family = 0, False, [self._root]
        while not over:
            over = self._over.wait(_EVERY)  # once more at the end
            if looks % _FAMILY == 0:
                family = [self._root, *self._root.children(recursive=True)]
            self.peak_mb = max(self.peak_mb, sum(anonymous_mb(member.pid) for member in family))
            looks += 1
